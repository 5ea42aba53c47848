/**
 * Files that a generator writes into a folder of its own. With `--check` nothing
 * is written: a difference ends the process with status 1.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type GeneratedFiles = ReadonlyMap<string, string>

/** JSON for readers: two spaces, a final line feed. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** Makes the folder hold exactly these `.json` files, or says how it differs. */
export async function writeOrCheck(folder: string, files: GeneratedFiles): Promise<void> {
  if (process.argv.includes('--check')) {
    const differences = await findDifferences(folder, files)
    for (const difference of differences) console.error(difference)
    if (differences.length > 0) process.exitCode = 1
    return
  }
  await mkdir(folder, { recursive: true })
  for (const stale of await strangers(folder, files)) await rm(join(folder, stale))
  for (const [name, text] of files) await writeFile(join(folder, name), text)
  console.log(`${folder}: ${files.size} files`)
}

async function findDifferences(folder: string, files: GeneratedFiles): Promise<string[]> {
  const differences = (await strangers(folder, files)).map(
    (name) => `${folder}/${name}: not generated`,
  )
  for (const [name, text] of files) {
    const found = await readFile(join(folder, name), 'utf8').catch(() => undefined)
    if (found !== text) differences.push(`${folder}/${name}: differs from what is generated`)
  }
  return differences
}

async function strangers(folder: string, files: GeneratedFiles): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  return names.filter((name) => name.endsWith('.json') && !files.has(name))
}
