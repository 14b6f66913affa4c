// Submits one case and waits until it is durable: submit.mjs ID PLACE [FRONT]
//
//     npm install --no-save zeromq protobufjs
//     node docs/examples/submit.mjs w-1 夹江县/漹城街道
import {fileURLToPath} from 'node:url'
import {setTimeout as pause} from 'node:timers/promises'
import protobuf from 'protobufjs'
import {Dealer} from 'zeromq'

const [ident, place, front = 'tcp://127.0.0.1:5111'] = process.argv.slice(2)
const proto = fileURLToPath(new URL('../../proto/lianxin.proto', import.meta.url))
const {Request, Reply} = (await protobuf.load(proto)).lookup('lianxin.v1')
const socket = new Dealer({linger: 0, receiveTimeout: 2000})
socket.connect(front)

const request = Request.encode(Request.fromObject({version: 1, id: 1, submit: {cases: [{
  source: 'example', externalId: ident, channel: 'CHANNEL_WECHAT', type: 'TYPE_COMPLAINT',
  category: '0701', place, title: '夜间施工噪声'}]}})).finish()

async function ask() {
  await socket.send(request)  // always the same id, so it becomes one ticket only
  const frames = await socket.receive().catch(fault => {
    if (fault.code !== 'EAGAIN') throw fault
  })
  if (!frames) return {outcome: 'lost'}  // on the way there or back: nobody knows
  const reply = Reply.toObject(Reply.decode(frames.at(-1)), {enums: String, longs: String})
  if (reply.error) throw new Error(`refused as a whole: ${reply.error.field}: ${reply.error.message}`)
  return reply.answers.answers[0]
}

let answer
while (['lost', 'OUTCOME_TRY_AGAIN'].includes((answer = await ask()).outcome))
  if (answer.outcome !== 'lost') await pause(1000)  // it is there, but takes nothing in just now
socket.close()

const {outcome, number, unit, field, value, message} = answer
if (outcome === 'OUTCOME_ACCEPTED' || outcome === 'OUTCOME_DUPLICATE') {  // both: it is safe
  console.log(outcome.slice(8).toLowerCase(), number, unit)
} else {
  console.error(outcome === 'OUTCOME_CONFLICT'
    ? `conflict: ${ident} is ${number} already, with other content`  // a bug of ours: one id twice
    : `invalid: ${field} '${value}': ${message}`)  // mend it before it is sent again
  process.exitCode = 1
}
