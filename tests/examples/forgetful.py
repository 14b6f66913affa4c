"""Stands between an adapter and the engine, and forgets: forgetful.py FRONT ENGINE

The first request that comes is lost, the second answered with "try again", and only what comes then
reaches the engine. Fails unless all three submit the same case. Ends after that one.
"""
import sys, zmq, lianxin_pb2 as lx

def request_of(frames):
    return lx.Request.FromString(frames[-1])

context = zmq.Context.instance()
adapter, engine = context.socket(zmq.ROUTER), context.socket(zmq.DEALER)
adapter.bind(sys.argv[1])
engine.connect(sys.argv[2])

first = adapter.recv_multipart()
second = adapter.recv_multipart()
reply = lx.Reply(id=request_of(second).id)
reply.answers.answers.add(outcome=lx.OUTCOME_TRY_AGAIN, message="forgetful")
adapter.send_multipart(second[:-1] + [reply.SerializeToString()])

third = adapter.recv_multipart()
engine.send(third[-1])
adapter.send_multipart(third[:-1] + engine.recv_multipart())
context.destroy(linger=30000)  # which waits until the last reply is on its way
cases = [request_of(frames).submit.cases for frames in (first, second, third)]
sys.exit(len(cases[0]) != 1 or not cases[0] == cases[1] == cases[2])
