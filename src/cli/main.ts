/** `comity …`: finds the command, runs it, ends with its exit code. */
import { plainText } from '../wire/package/plain-text.ts'

const USAGE = `usage: comity COMMAND
  init        set up a node: keys, configuration, policy
  serve       run a node
  doctor      what is wrong with a node, and how to mend it
  document    write the node's own document anew, after a change
  peer        pin the node of another authority
  start       three nodes and the story, on this machine
  reset       remove what start made
  demo        the story on any report, in a world of its own
  verify      check a package, a receipt or a whole log, offline
  monitor     follow logs: two histories, rollback, age
  eval        answer questions, one JSON line each
  conformance drive a node through the specification
  import      records of other systems, shown or admitted
  law         what the law packs say: due, sanctions, gaps, …
  agreement   what is wrong with an agreement, what a version changes
  backup      write a backup of a node, or check one
  keys        list, change and revoke the node's keys
  openpgp     the key that signs published advisories
  export-log  a node's logs for anyone to keep and check
  restore     bring a node back from a backup
  rebuild     derive a node's lists from its streams again

comity COMMAND --help says more of each.
`

const LINE_LENGTH_MAX = 2000

/** Loaded when asked for: nobody waits for a web server to check a receipt. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  init: async (args) => (await import('./init/init.ts')).initCommand(args),
  serve: async (args) => (await import('./serve.ts')).serveCommand(args),
  doctor: async (args) => (await import('./doctor.ts')).doctorCommand(args),
  document: async (args) => (await import('./document.ts')).documentCommand(args),
  peer: async (args) => (await import('./peer.ts')).peerCommand(args),
  start: async (args) => (await import('./start.ts')).startCommand(args),
  reset: async (args) => (await import('./reset.ts')).resetCommand(args),
  demo: async (args) => (await import('./demo.ts')).demoCommand(args),
  verify: async (args) => (await import('./verify.ts')).verifyCommand([...args]),
  monitor: async (args) => (await import('./monitor/monitor.ts')).monitorCommand(args),
  eval: async (args) => (await import('./eval/eval.ts')).evalCommand(args),
  conformance: async (args) =>
    (await import('./conformance/conformance.ts')).conformanceCommand(args),
  import: async (args) => (await import('./import.ts')).importCommand(args),
  law: async (args) => (await import('./law/law.ts')).lawCommand(args),
  agreement: async (args) => (await import('./agreement/agreement.ts')).agreementCommand(args),
  backup: async (args) => (await import('./backup.ts')).backupCommand(args),
  keys: async (args) => (await import('./keys.ts')).keysCommand(args),
  openpgp: async (args) => (await import('./openpgp.ts')).openpgpCommand(args),
  'export-log': async (args) => (await import('./export-log.ts')).exportLogCommand(args),
  restore: async (args) => (await import('./restore.ts')).restoreCommand(args),
  rebuild: async (args) => (await import('./rebuild.ts')).rebuildCommand(args),
}

const [name = 'help', ...args] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (!command) {
  const isAsked = name === 'help' || name === '--help'
  const unknown = isAsked ? '' : `comity: there is no command ${JSON.stringify(name)}\n`
  process.stderr.write(`${unknown}${USAGE}`)
  process.exit(isAsked ? 0 : 2)
}
// A command ends by answering, never because nothing happened to be going on.
const awake = setInterval(() => {}, 2 ** 30)
try {
  process.exitCode = await command(args)
} catch (error) {
  const { message } = error as Error
  // Names from outside stand in it; line breaks are our own, as in a usage.
  const lines = message.split('\n').map((line) => plainText(line, LINE_LENGTH_MAX))
  process.stderr.write(`comity ${name}: ${lines.join('\n')}\n`)
  process.exitCode = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}
clearInterval(awake)
// Children and pools that a failed start left behind must not keep the process.
if (process.exitCode !== 0) process.exit()
