/**
 * A disk of our own: an ext4 file system in a file, mounted as a loop device. It can lose
 * its power: the file system goes down at once, and what was not brought to disk is lost.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { databasePlace } from './temporary-folder.ts'

export type LoopDisk = {
  readonly folder: string
  /** From now on nothing reaches the disk any more, and what waited in memory is gone. */
  cutPower(): void
  /** Mounts it anew; nobody may hold a file of it open for long. */
  powerOn(): Promise<void>
  /** Takes the room up to so many bytes. */
  fill(leaveBytes: number): Promise<void>
  makeRoom(): Promise<void>
  unmount(): Promise<void>
}

/** ioctl EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: the journal is not written. */
const SHUTDOWN = `open(my $at, '<', $ARGV[0]) or die; my $how = pack('L', 2);
  ioctl($at, 0x8004587D, $how) or die "$!"`
const UNMOUNT_MS = 30_000
const BLOCK_BYTES = 64 * 1024

/** Why there can be no such disk here; undefined: there can. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'mounting takes root on Linux'
  for (const program of ['mkfs.ext4', 'mount', 'perl']) {
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`
  }
  return existsSync('/dev/loop-control') ? undefined : 'there are no loop devices'
}

export async function loopDisk(sizeMb: number): Promise<LoopDisk> {
  const place = databasePlace()
  const image = join(place, 'disk.img')
  const folder = join(place, 'disk')
  await mkdir(folder, { mode: 0o755 })
  run('truncate', '-s', `${sizeMb}M`, image)
  run('mkfs.ext4', '-q', '-F', image)
  const mount = () => run('mount', '-o', 'loop', image, folder)
  mount()
  let isMounted = true
  const unmount = async () => {
    if (!isMounted) return
    for (const end = Date.now() + UNMOUNT_MS; ; await pause(50)) {
      const { status, stderr } = spawnSync('umount', [folder])
      if (status === 0) break
      if (Date.now() > end) throw new Error(`it cannot be unmounted: ${stderr}`)
    }
    isMounted = false
  }
  after(unmount)
  const ballast = join(folder, 'ballast')
  return {
    folder,
    cutPower: () => run('perl', '-e', SHUTDOWN, folder),
    async powerOn() {
      await unmount()
      mount()
      isMounted = true
    },
    async fill(leaveBytes) {
      const handle = await open(ballast, 'a')
      try {
        for (;;) {
          const { bavail, bsize } = await statfs(folder)
          if (bavail * bsize < leaveBytes + BLOCK_BYTES) return
          await handle.write(Buffer.alloc(BLOCK_BYTES))
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        await handle.close()
      }
    },
    makeRoom: () => rm(ballast, { force: true }),
    unmount,
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args)
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`)
}
