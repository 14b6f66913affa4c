#!/usr/bin/python3
"""Shows a unit its events, also across restarts: watch.py UNIT CURSOR-FILE [FRONT FEED]

    apt-get install python3-zmq python3-protobuf protobuf-compiler
    protoc --proto_path=proto --python_out=build proto/lianxin.proto
    PYTHONPATH=build python3 docs/examples/watch.py 511126000000.environment cursor

The feed only rings the bell; the events are asked for. So it does not matter what the feed loses.
Each event is shown once; only the one at hand when this is killed may be shown again.
"""
import os, sys, zmq, lianxin_pb2 as lx

unit, cursor_file = sys.argv[1:3]
front, feed = sys.argv[3:5] or ("tcp://127.0.0.1:5111", "tcp://127.0.0.1:5112")
context = zmq.Context.instance()
bell = context.socket(zmq.SUB)
bell.connect(feed)
bell.subscribe("unit." + unit)
asker = context.socket(zmq.DEALER)
asker.connect(front)

def replay(first):
    request = lx.Request(version=1, id=first)
    request.replay.unit, request.replay.first = unit, first
    while True:
        asker.send(request.SerializeToString())
        while asker.poll(2000):
            reply = lx.Reply.FromString(asker.recv_multipart()[-1])
            if reply.WhichOneof("body") == "error":
                sys.exit(f"{reply.error.field}: {reply.error.message}")
            if reply.id == first:  # and not the answer to what was asked twice
                return reply.feed.events

cursor = int(open(cursor_file).read()) if os.path.exists(cursor_file) else 0
while True:
    while events := replay(cursor + 1):
        for event in events:
            cursor += 1
            what = "a case" if event.kind == lx.KIND_CASE else lx.Verb.Name(event.act.verb)[5:].lower()
            print(cursor, event.ticket, what, event.story.title, flush=True)
            with open(cursor_file + ".new", "w") as file:  # best in one transaction with the work
                file.write(str(cursor))
            os.replace(cursor_file + ".new", cursor_file)
    bell.recv_multipart()
