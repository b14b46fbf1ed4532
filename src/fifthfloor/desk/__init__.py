"""The desk: the journey by looking and clicking, in a browser on this machine.

Law: the desk shows, asks and starts; what is done is done by the `tasks` that the command line calls as well.
"""
