from netlib import chat


def chat_server(listener):
    chat.serve(listener)
