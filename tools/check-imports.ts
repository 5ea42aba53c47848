/**
 * The import checker: holds every module of `src` to the table in fences.ts.
 *
 * It reports imports over a fence, packages and Node modules that a folder may
 * not use, paths that do not exist, and forms that the house does without. It
 * fails when it sees no module or cannot parse one: a checker that looks at
 * nothing must not say that all is well.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import {
  BIT_OPERATOR_FILES,
  BUILTINS_OF_FILE,
  COMPUTED_IMPORTS,
  FENCES,
  type Fence,
  IMPORT_ENDINGS,
  NO_BIT_OPERATORS,
  NO_CLOCK,
  SENDERS,
} from './fences.ts'
import { type Fact, moduleFacts } from './module-facts.ts'

export type Finding = {
  /** Path from the root of the repository, with slashes. */
  readonly file: string
  /** Starts at 1; 0 where the finding is about the whole file. */
  readonly line: number
  readonly rule: string
  readonly message: string
}

export type ImportReport = { readonly modules: number; readonly findings: readonly Finding[] }

/** Paths from the root of the repository to the text of the files. */
export type Files = ReadonlyMap<string, string>

/** `source` is a root folder on disk, or files in memory with a `package.json` among them. */
export function checkImports(source: string | Files): ImportReport {
  const tree = typeof source === 'string' ? treeOnDisk(source) : treeInMemory(source)
  const modules = tree.modules.filter((file) => file.endsWith('.ts'))
  const findings = tree.modules.flatMap((file) => checkFile(file, tree))
  if (modules.length === 0) {
    findings.push({ file: 'src', line: 0, rule: 'modules', message: 'no module was seen' })
  }
  return { modules: modules.length, findings }
}

type Tree = {
  readonly modules: readonly string[]
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
  text(file: string): string
  exists(file: string): boolean
}

const MODULE = /\.(?:[cm]?[jt]s|[jt]sx)$/

function treeOnDisk(root: string): Tree {
  const modules = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && MODULE.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort()
  return {
    modules,
    ...packagesOf(readFileSync(path.join(root, 'package.json'), 'utf8')),
    text: (file) => readFileSync(path.join(root, file), 'utf8'),
    exists: (file) => existsSync(path.join(root, file)),
  }
}

function treeInMemory(files: Files): Tree {
  return {
    modules: [...files.keys()].filter((file) => file.startsWith('src/') && MODULE.test(file)),
    ...packagesOf(files.get('package.json') ?? '{}'),
    text: (file) => files.get(file) ?? '',
    exists: (file) => files.has(file),
  }
}

function packagesOf(packageJson: string): Pick<Tree, 'dependencies' | 'devDependencies'> {
  const manifest = JSON.parse(packageJson) as Record<string, Record<string, string> | undefined>
  const { dependencies, optionalDependencies, devDependencies } = manifest
  return {
    dependencies: new Set(Object.keys({ ...dependencies, ...optionalDependencies })),
    devDependencies: new Set(Object.keys({ ...devDependencies })),
  }
}

/** What is wrong, before it is known where. */
type Fault = readonly [rule: string, message: string]

/** A module and the side of each fence it stands on. */
type Module = {
  readonly file: string
  readonly folder: string
  readonly fence: Fence
  readonly isTest: boolean
}

function checkFile(file: string, tree: Tree): Finding[] {
  const at =
    (line: number) =>
    ([rule, message]: Fault): Finding => ({ file, line, rule, message })
  const folder = file.split('/')[1] ?? ''
  const fence = Object.hasOwn(FENCES, folder) ? FENCES[folder] : undefined
  if (fence === undefined) return [at(0)(['folder', `src/${folder} is not in the table of fences`])]
  if (!file.endsWith('.ts')) return [at(0)(['language', 'modules of src are written in .ts'])]

  const findings: Finding[] = []
  if (path.posix.basename(file) === 'index.ts') findings.push(at(0)(['barrel', 'no index.ts']))
  let facts: Fact[]
  try {
    facts = moduleFacts(tree.text(file), file)
  } catch (error) {
    return [...findings, at(0)(['parse', `does not parse: ${(error as Error).message}`])]
  }
  const module: Module = { file, folder, fence, isTest: file.endsWith('.test.ts') }
  for (const fact of facts) {
    findings.push(...faultsOfFact(fact, module, tree).map(at(fact.line)))
  }
  return findings
}

function faultsOfFact(fact: Fact, module: Module, tree: Tree): Fault[] {
  const { folder, file, isTest } = module
  // A type file describes a package as it is, its default export too.
  if (file.endsWith('.d.ts') && fact.kind !== 'import') return []
  switch (fact.kind) {
    case 'import':
      return faultsOfImport(fact.what, module, tree)
    case 'computed-import':
      if (isTest || isOneOf(COMPUTED_IMPORTS, folder)) return []
      return [['computed-import', 'the name of an import must be written out']]
    case 'default-export':
      return [['default-export', 'exports have names']]
    case 'export-all':
      return [['export-all', 'exports are listed by name']]
    case 'enum':
      return [['enum', `${fact.what}: a union of literals instead`]]
    case 'bit-operator':
      if (isTest || !isOneOf(NO_BIT_OPERATORS, folder) || isOneOf(BIT_OPERATOR_FILES, file))
        return []
      return [['bit-operator', `${fact.what} cuts to 32 bits: use % and Math.floor`]]
    case 'clock':
      if (isTest || !isOneOf(NO_CLOCK, folder)) return []
      return [['clock', `${fact.what}: time and randomness are passed in`]]
    case 'send':
    case 'message':
      return isTest ? [] : faultsOfSending(fact, module)
  }
}

/** In `app` every `send` is a unit's; elsewhere only what is called `unit` is meant. */
function faultsOfSending({ kind, what }: Fact, { file, folder }: Module): Fault[] {
  const sender = Object.hasOwn(SENDERS, file) ? SENDERS[file] : undefined
  if (kind === 'message') {
    if (!sender || sender.messages.some((type) => type === '*' || type === what)) return []
    return [['message', `${file} may not send ${what}: see SENDERS in tools/fences.ts`]]
  }
  if (sender || (folder !== 'app' && what !== 'unit')) return []
  return [['send', 'only senders of tools/fences.ts queue messages; content goes by a release']]
}

function faultsOfImport(what: string, module: Module, tree: Tree): Fault[] {
  if (what.startsWith('./') || what.startsWith('../')) return faultsOfPath(what, module, tree)
  if (what.startsWith('node:')) return faultsOfBuiltin(what.slice('node:'.length), module)
  if (builtinModules.includes(what)) return [['builtin', `write node:${what}`]]
  if (/^[#/]|^[a-z]+:/.test(what)) return [['specifier', `${what} is neither path nor package`]]
  return faultsOfPackage(packageName(what), module, tree)
}

function faultsOfPath(what: string, { file, folder, fence, isTest }: Module, tree: Tree): Fault[] {
  const target = path.posix.join(path.posix.dirname(file), what)
  if (!IMPORT_ENDINGS.some((ending) => target.endsWith(ending))) {
    return [['ending', `${what} must end in ${IMPORT_ENDINGS.join(', ')}`]]
  }
  if (!tree.exists(target)) return [['missing', `${what} does not exist`]]
  if (isTest) return []
  if (target.endsWith('.test.ts')) return [['test', `${what} is a test`]]
  if (!target.startsWith('src/')) {
    const isData = target.endsWith('.json') && isOneOf(fence.data, target.split('/')[0] ?? '')
    return isData ? [] : [['folder', `${folder} must not import ${target}`]]
  }
  const inside = target.slice('src/'.length)
  const isAllowed = [folder, ...fence.folders].some((allowed) => isIn(allowed, inside))
  return isAllowed ? [] : [['folder', `${folder} must not import ${inside}`]]
}

/** `app/ports` holds `app/ports/clocks.ts` and `app/ports.ts`. */
function isIn(allowed: string, inside: string): boolean {
  return inside.startsWith(`${allowed}/`) || inside === `${allowed}.ts`
}

function faultsOfBuiltin(name: string, { file, folder, fence, isTest }: Module): Fault[] {
  if (isTest || fence.builtins === 'any') return []
  const allowed = [...fence.builtins, ...(BUILTINS_OF_FILE[file] ?? [])]
  return allowed.includes(name) ? [] : [['builtin', `${folder} must not import node:${name}`]]
}

function faultsOfPackage(name: string, { folder, fence, isTest }: Module, tree: Tree): Fault[] {
  const isDeclared = tree.dependencies.has(name) || (isTest && tree.devDependencies.has(name))
  if (!isDeclared) return [['dependency', `${name} is not a dependency in package.json`]]
  if (isTest || fence.packages === 'any') return []
  const isAllowed = fence.packages.some((allowed) =>
    allowed.endsWith('/*') ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
  )
  return isAllowed ? [] : [['package', `${folder} must not import ${name}`]]
}

function packageName(what: string): string {
  return what
    .split('/')
    .slice(0, what.startsWith('@') ? 2 : 1)
    .join('/')
}

function isOneOf(list: readonly string[], value: string): boolean {
  return list.includes(value)
}

if (import.meta.main) {
  const { modules, findings } = checkImports(process.cwd())
  for (const { file, line, rule, message } of findings) {
    console.log(`${file}:${line} ${rule}: ${message}`)
  }
  console.log(`${modules} modules, ${findings.length} findings`)
  if (findings.length > 0) process.exitCode = 1
}
