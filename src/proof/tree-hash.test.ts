import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { toBase64, utf8 } from '../base/bytes.ts'
import { hashLeaf, rootOf } from './tree-hash.ts'

/** Roots over the entries "0", "1", "2", …, agreed with other implementations. */
const ROOTS = new Map([
  [0, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  [1, '2zQm6HgGjSjSabbIcXIyLOU3K2V1bQeJAB00g19gHAM='],
  [2, 'ywCYnZSlacCmeK4EK2Pc1GJduWRAUX83put5duok7Us='],
  [3, 'cl1SMNto9VdHDcNfHYhlgTrNfrsHrRUndBQd7LrnEyc='],
  [7, 'o+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98='],
  [8, 'O4WpYmwcy2TGuV7H+mSIje/izxLjnnfhCBLOX8uctY4='],
  [255, 'Mvhbyqh9e80Fco8J6a66NQumovczgwCH8Fl2goSL5cs='],
  [256, 'goUV0DPBnYyQHzfsy4rtkZZncDSG+NL/8c9wQDIcXbE='],
  [257, 'HtoEmkNR2G92JSvX7At3Rq11t/oDFq1fVB29pFijEsQ='],
  [1000, 'Y4r6mAIpJbrP3a2xXvIv0BmcGsmcKXO2FYJD0T/OBcI='],
  [65_536, '8CXQbtgEhZ/SdKG9rK3W5I6odjSqkeHtsgFD+UmM0Cs='],
  [65_537, '3IeVol/UvVKguE9jn9MTm6FggkAj0YjkKOtdsPPOIho='],
  [70_000, 'Gkzfy2Y3SgwNy+9JrL1JdtE+6GT7PLJB/JQ8rQTwL34='],
])

const leafHashes = Array.from({ length: 70_000 }, (_, i) =>
  hashLeaf(nodePrimitives, utf8(String(i))),
)

for (const [size, root] of ROOTS) {
  test(`a tree of ${size} has its golden root`, () => {
    assert.equal(toBase64(rootOf(nodePrimitives, leafHashes, { start: 0, end: size })), root)
  })
}
