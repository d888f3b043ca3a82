"""Two contracts of our own for import-linter; `.importlinter` names them and says what they hold."""

from collections.abc import Iterator

import grimp
from importlinter import Contract, ContractCheck, fields, output

Breach = tuple[str, str, int]  # importer, imported, line


class _Listed(Contract):
    """A contract whose verdict is a list of imports that should not be there."""

    guidance: str

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        breaches = sorted(self.breaches(graph))
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def breaches(self, graph: grimp.ImportGraph) -> Iterator[Breach]:
        raise NotImplementedError

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, line in check.metadata["breaches"]:
            output.print_error(f"{importer} imports {imported} (l.{line})")
        output.print_error(self.guidance)


class PrivateRooms(_Listed):
    """Modules of these names belong to their own app; `open_to` lists the apps that wire the house together."""

    type_name = "private_rooms"
    guidance = "Call the app's services instead, or tell it through the inbox, the outbox or a dotted path in settings."
    names = fields.SetField(subfield=fields.StringField())
    also = fields.SetField(subfield=fields.StringField())
    open_to = fields.SetField(subfield=fields.StringField())

    def breaches(self, graph: grimp.ImportGraph) -> Iterator[Breach]:
        for imported in graph.modules:
            if not self._is_private(imported):
                continue
            for importer in graph.find_modules_that_directly_import(imported):
                if importer.split(".")[0] not in {imported.split(".")[0], *self.open_to}:  # type: ignore[misc]
                    yield importer, imported, _line(graph, importer, imported)

    def _is_private(self, module: str) -> bool:
        parts = module.split(".")
        if len(parts) > 1 and parts[1] in self.names:  # type: ignore[operator]
            return True
        return any(module == room or module.startswith(f"{room}.") for room in self.also)  # type: ignore[attr-defined]


class OneFolder(_Listed):
    """An outside package is imported by the places named for it and by nobody else (`nobody`: not by the product)."""

    type_name = "one_folder"
    guidance = "Each outside SDK is imported by one folder; the rest of the house talks to that folder."
    packages = fields.ListField(subfield=fields.StringField())  # lines of "package: place place …"

    def breaches(self, graph: grimp.ImportGraph) -> Iterator[Breach]:
        for line in self.packages:  # type: ignore[attr-defined]
            package, _, places = line.partition(":")
            for imported in graph.modules:
                if imported != package.strip() and not imported.startswith(f"{package.strip()}."):
                    continue
                for importer in graph.find_modules_that_directly_import(imported):
                    if not any(importer == place or importer.startswith(f"{place}.") for place in places.split()):
                        yield importer, imported, _line(graph, importer, imported)


def _line(graph: grimp.ImportGraph, importer: str, imported: str) -> int:
    details = graph.get_import_details(importer=importer, imported=imported)
    return details[0]["line_number"] if details else 0
