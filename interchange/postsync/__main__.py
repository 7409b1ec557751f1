"""`python -m postsync` is the command `postsync`."""

from postsync.cli import main

if __name__ == "__main__":
    main(prog_name="postsync")
