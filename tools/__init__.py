"""What developers run: the makers of the files that are committed and that no one writes by hand.

It may import the product; the product never imports it.
"""
