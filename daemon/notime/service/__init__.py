"""The engine room: what turns a request into events, as they come. It knows no HTTP.

`worker` is its one door. A request that is new waits in the `queue`, its page is read in the reader's process, and its
article in `inference`, the models' one thread; `cache` has the last answers.
"""
