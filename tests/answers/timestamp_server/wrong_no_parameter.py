# diagnosis: wrong-parameters
def timestamp_server():
    pass
    return 1
