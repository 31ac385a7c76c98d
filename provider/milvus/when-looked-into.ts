/**
 * Stands in for an object that is made, or loaded, once somebody looks into it: whatever is asked of it is asked of that
 * one.
 */
export function whenLookedInto<T extends object>(make: () => T): T {
  let made: T | undefined;
  const real = (): T => (made ??= make());
  return new Proxy({} as T, {
    get: (_, property) => Reflect.get(real(), property) as unknown,
    set: (_, property, value) => Reflect.set(real(), property, value),
    has: (_, property) => Reflect.has(real(), property),
    deleteProperty: (_, property) => Reflect.deleteProperty(real(), property),
    ownKeys: () => Reflect.ownKeys(real()),
    getPrototypeOf: () => Reflect.getPrototypeOf(real()),
    getOwnPropertyDescriptor: (_, property) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(real(), property);
      // A proxy may not tell of what cannot be changed, unless its target has that as well.
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
