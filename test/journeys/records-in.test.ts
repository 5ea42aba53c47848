/**
 * Records of other systems become cases: at the page with a look beforehand, over the
 * interface, and by the command line with an officer's session. A record comes in once.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { runProcess } from '../support/run-process.ts'
import { countEvents, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, postAt } from '../support/page-hand.ts'

const world = await startWorld()
const node = world.node('meridia')
const officer = await enterWorkspace(node, 'case-officer-1')
const liaison = await enterWorkspace(node, 'liaison')
const events = () => countEvents(world.database('meridia'))
