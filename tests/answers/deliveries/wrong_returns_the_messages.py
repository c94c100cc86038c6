# diagnosis: no-pair
def deliveries(kind, messages):
    return messages
