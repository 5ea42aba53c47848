#!/usr/bin/env node
/**
 * The `comity` command, whichever Node calls it: runs src/cli/main.ts on the
 * Node that this package pins, and ends as that ends.
 *
 * Plain JavaScript without newer syntax, so that an old Node (12.17 and later)
 * can read it and say what to do. It decides nothing else.
 */
// biome-ignore-all lint/style/useNodejsImportProtocol: Node knows it from 12.20 on only
import { spawn } from 'child_process'
import fs from 'fs'
import os from 'os'
import path from 'path'
import { fileURLToPath, pathToFileURL } from 'url'

/** Signals that we pass on. A terminal's Ctrl-C reaches both; main.ts takes two as one. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

const root = path.dirname(path.dirname(fs.realpathSync(fileURLToPath(import.meta.url))))
const main = path.join(root, 'src', 'cli', 'main.ts')
const pinned = readJson(path.join(root, 'package.json')).optionalDependencies
const packages = Object.keys(pinned).filter((name) => name.startsWith('node-'))

const found = findPinnedNode()
if (found === null) {
  process.stderr.write(`${advice()}\n`)
  process.exitCode = 1
} else if (process.version === `v${found.version}`) {
  import(pathToFileURL(main).href)
} else {
  rerun(found.file)
}

/** The installed package of the pinned Node that runs on this machine, or null. */
function findPinnedNode() {
  for (const name of packages) {
    const folder = path.join(root, 'node_modules', name)
    const manifest = readJson(path.join(folder, 'package.json'))
    if (manifest === null || manifest.version !== pinned[name]) continue
    if (!names(manifest.os, process.platform) || !names(manifest.cpu, process.arch)) continue
    const file = path.join(folder, manifest.bin.node)
    if (fs.existsSync(file)) return { file, version: manifest.version }
  }
  return null
}

function names(field, value) {
  return field === undefined || [].concat(field).indexOf(value) !== -1
}

function rerun(node) {
  // The extra channel lets main.ts notice our death, even by kill -9.
  const child = spawn(
    node,
    process.execArgv.filter(isInspect).concat(main, process.argv.slice(2)),
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      windowsHide: true,
    },
  )
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`comity: cannot run ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    // End by the same signal, so that a shell sees what happened; else 128 + its number.
    for (const forwarded of FORWARDED) process.removeAllListeners(forwarded)
    process.kill(process.pid, signal)
    setTimeout(() => process.exit(128 + (os.constants.signals[signal] || 0)), 100)
  })
}

function isInspect(argument) {
  return argument.startsWith('--inspect')
}

function advice() {
  const platforms = packages.map((name) => name.replace(/^node-(bin-)?/, '')).join(', ')
  return (
    `comity: the Node ${pinned[packages[0]]} that it runs on is not installed; ` +
    `run \`npm ci\` in ${root} (available for ${platforms}; this is ${process.platform}-${process.arch})`
  )
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
