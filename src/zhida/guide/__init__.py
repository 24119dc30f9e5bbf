"""What a person reads of the law, as data in words: guides, reasons, questions, the catalogue.

Nothing here prints: the command line and the pages lay out the same values.
"""
