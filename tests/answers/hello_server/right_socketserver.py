import socket
import socketserver
import threading


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"welcome!\n")
        for line in self.rfile:
            if line == b"exit\n":
                return
            self.wfile.write(b"hello " + line)


def hello_server(listener):
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self):
            try:
                return listener.accept()
            except OSError:
                threading.Thread(target=self.shutdown, daemon=True).start()
                raise

        def fileno(self):
            return listener.fileno()

    server = Server(listener.getsockname(), Talk, bind_and_activate=False)
    server.serve_forever()
    server.server_close()
