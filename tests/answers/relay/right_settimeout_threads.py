import threading


class Post(threading.Thread):
    def __init__(self, member, line):
        super().__init__()
        self.member = member
        self.line = line
        self.failed = False

    def run(self):
        try:
            self.member.settimeout(0.8)
            self.member.sendall(self.line)
        except Exception as error:
            print("failed:", error)
            self.failed = True
        finally:
            self.member.settimeout(None)


def relay(sender, members, line):
    posts = []
    for member in list(members):
        if member is not sender:
            post = Post(member, line)
            post.start()
            posts.append(post)
    for post in posts:
        post.join()
    return {post.member for post in posts if post.failed}
