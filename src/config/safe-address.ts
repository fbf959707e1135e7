/** True if nobody on the way can read or change what is sent there: it is encrypted, or does not leave the machine. */
export function isSafeAddress(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname))
}

/** True if it contains no user or password: no request can be made with them, and each error would quote them. */
export function isWithoutPassword(address: string): boolean {
  const url = URL.parse(address)
  return !url?.username && !url?.password
}

/** True for an address of this machine over http, with its port: what a listener of this process can be reached at. */
export function isLoopback(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === 'http:' && url.port !== '' && isThisMachine(url.hostname) && !url.search && !url.hash
}

/** True for a host that only this machine reaches. */
export function isThisMachine(host: string): boolean {
  return ['localhost', '[::1]'].includes(host) || /^127(\.\d{1,3}){3}$/.test(host)
}
