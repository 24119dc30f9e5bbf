"""`python -m zhida` is `zhida`."""

from zhida.cli import main

if __name__ == "__main__":
    main()
