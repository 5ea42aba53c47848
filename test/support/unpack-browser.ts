/**
 * Unpacks the browser of `@sparticuz/chromium` into the temporary folder of this
 * process (`TMPDIR`), with its fonts and the libraries that a bare system lacks.
 * Run as a program of its own by browser.ts, because the package asks for the
 * temporary folder again and again.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium, { inflate } from '@sparticuz/chromium'

const packages = path.join(fileURLToPath(import.meta.resolve('@sparticuz/chromium')), '../../bin')
await chromium.executablePath()
await inflate(path.join(packages, 'al2023.tar.br'))
