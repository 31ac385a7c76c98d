/** The value if it comes by the deadline (milliseconds since the epoch), the error otherwise. */
export async function inTime<T>(value: Promise<T>, deadline: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(0, deadline - Date.now()));
  });
  return Promise.race([value, timeIsUp]).finally(() => clearTimeout(timer));
}
