/**
 * Shows how far a file has come while it is sent. Without this script the same form
 * does the same, and the browser shows the progress in its own way or not at all.
 */
import { byId, say, textOn } from './page-parts.ts'

type Refusal = { readonly because?: readonly { readonly text?: string }[] }

const form = byId<HTMLFormElement>('upload')
const bar = byId<HTMLProgressElement>('upload-progress')
let isSending = false

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (isSending) return
  isSending = true
  bar.hidden = false
  send(new FormData(form))
})

function send(data: FormData): void {
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.setRequestHeader('accept', 'application/json')
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = total > 0 ? Math.floor((100 * loaded) / total) : 0
    say('upload-state', textOn(form, loaded < total ? 'sending' : 'sealing'))
  })
  request.addEventListener('load', () => {
    if (request.status < 400) return location.assign(request.responseURL)
    ended(reasonIn(request.responseText))
  })
  request.addEventListener('error', () => ended(undefined))
  request.send(data)
}

function ended(reason: string | undefined): void {
  isSending = false
  bar.hidden = true
  say('upload-state', reason ?? textOn(form, 'failed'))
}

function reasonIn(text: string): string | undefined {
  try {
    const { because = [] } = JSON.parse(text) as Refusal
    return because.map(({ text: said }) => said).join('; ') || undefined
  } catch {
    return undefined
  }
}
