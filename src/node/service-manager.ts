/**
 * Tells systemd how the node is (sd_notify), where NOTIFY_SOCKET says that it
 * wants to know. Node has no datagram sockets of that kind: `systemd-notify`
 * speaks for us, which needs NotifyAccess=all in the unit. Without it nothing happens.
 */
import { spawn } from 'node:child_process'

export type ServiceState = 'READY=1' | 'STOPPING=1'

export function tellServiceManager(
  state: ServiceState,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  if (!environment['NOTIFY_SOCKET']) return Promise.resolve(false)
  const { NOTIFY_SOCKET = '', PATH = '/usr/bin:/bin' } = environment
  return new Promise((resolve) => {
    const child = spawn('systemd-notify', [`--pid=${process.pid}`, state], {
      env: { NOTIFY_SOCKET, PATH },
      stdio: 'ignore',
    })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}
