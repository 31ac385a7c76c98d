"""
A small language host for Python: what the engine asks to run a Python program. Used only where no official one is on PATH
or beside the engine. The work is done by the server that runs programs of the Automation API. It installs nothing: programs
have the packages that it runs with itself, from PYTHONPATH.
"""

import os
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2
from pulumi.runtime.proto.language_pb2_grpc import add_LanguageRuntimeServicer_to_server

# As the engine has it: sdk/go/common/util/rpcutil, 400 MB.
MOST_BYTES = 400 * 1024 * 1024


class Host(LanguageServer):
    def __init__(self):
        super().__init__(self.run_program)
        self.engine = sys.argv[-1]
        self.folder = os.getcwd()

    def Handshake(self, request, context):
        self.engine = request.engine_address or self.engine
        return language_pb2.LanguageHandshakeResponse()

    def Run(self, request, context):
        self.folder = request.info.program_directory or request.pwd
        # Where the Automation API has it.
        del request.args[:]
        request.args.append(self.engine)
        return super().Run(request, context)

    def run_program(self):
        sys.path.insert(0, self.folder)
        runpy.run_path(os.path.join(self.folder, "__main__.py"), run_name="__main__")

    def RuntimeOptionsPrompts(self, request, context):
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(self, request, context):
        return iter(())

    def Cancel(self, request, context):
        return Empty()


options = [("grpc.max_receive_message_length", MOST_BYTES)]
server = grpc.server(ThreadPoolExecutor(max_workers=4), options=options)
add_LanguageRuntimeServicer_to_server(Host(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
# A pipe that closes with the engine, and with that goes the program.
sys.stdin.read()
os._exit(0)
