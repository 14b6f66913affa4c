#!/usr/bin/python3
"""Submits one case and waits until it is durable: submit.py ID PLACE [FRONT]

    apt-get install python3-zmq python3-protobuf protobuf-compiler
    protoc --proto_path=proto --python_out=build proto/lianxin.proto
    PYTHONPATH=build python3 docs/examples/submit.py w-1 夹江县/漹城街道
"""
import sys, time, zmq, lianxin_pb2 as lx

ident, place = sys.argv[1:3]
socket = zmq.Context.instance().socket(zmq.DEALER)
socket.linger = 0
socket.connect(sys.argv[3] if len(sys.argv) > 3 else "tcp://127.0.0.1:5111")

request = lx.Request(version=1, id=1)
request.submit.cases.add(
    source="example", external_id=ident, channel=lx.CHANNEL_WECHAT, type=lx.TYPE_COMPLAINT,
    category="0701", place=place, title="夜间施工噪声")

answer = lx.Answer(outcome=lx.OUTCOME_TRY_AGAIN)
while answer.outcome == lx.OUTCOME_TRY_AGAIN:
    socket.send(request.SerializeToString())  # always the same id, so it becomes one ticket only
    if not socket.poll(2000):
        continue  # lost on the way there or back: nobody knows, so send again
    reply = lx.Reply.FromString(socket.recv_multipart()[-1])
    if reply.WhichOneof("body") == "error":
        sys.exit(f"refused as a whole: {reply.error.field}: {reply.error.message}")
    answer = reply.answers.answers[0]
    if answer.outcome == lx.OUTCOME_TRY_AGAIN:
        time.sleep(1)  # the engine is there, but takes nothing in just now

if answer.outcome in (lx.OUTCOME_ACCEPTED, lx.OUTCOME_DUPLICATE):  # both: it is safe
    print(lx.Outcome.Name(answer.outcome)[8:].lower(), answer.number, answer.unit)
elif answer.outcome == lx.OUTCOME_CONFLICT:  # a bug of ours: two cases under one id
    sys.exit(f"conflict: {ident} is {answer.number} already, with other content")
else:  # invalid: does not help to send again before it is mended
    sys.exit(f"invalid: {answer.field} '{answer.value}': {answer.message}")
