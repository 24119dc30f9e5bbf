"""The public interface for programs, version 1."""
