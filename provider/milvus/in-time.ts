/** Node takes a timer that is set for longer for one that is due. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The value if it comes by the deadline (milliseconds since the epoch), the error otherwise. */
export async function inTime<T>(value: Promise<T>, deadline: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.min(LONGEST_TIMER, Math.max(0, deadline - Date.now())));
  });
  return Promise.race([value, timeIsUp]).finally(() => clearTimeout(timer));
}
