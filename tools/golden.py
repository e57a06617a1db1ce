"""The hashes of some days' records, by which an accidental change of a record is noticed."""

from tests.simulation.golden import FILE as TARGET
from tests.simulation.golden import golden_text
from tools.generated_file import GeneratedFile

FILE = GeneratedFile("golden", TARGET, golden_text)
