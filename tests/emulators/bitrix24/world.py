"""The portal as people use it: what employees, clients and administrators do that no REST call does. Thread-safe."""

from typing import Any

from tests.emulators.bitrix24 import openlines, records
from tests.emulators.bitrix24.fields import CONTACT, DEAL, ENTITIES, LEAD, Entity, fields_of
from tests.emulators.bitrix24.multifields import values
from tests.emulators.bitrix24.openlines import Said, blank_user
from tests.emulators.bitrix24.portal import Portal
from tests.emulators.bitrix24.stages import add_stage
from tests.emulators.bitrix24.store import Row
from tests.emulators.bitrix24.subscriptions import subscribe


class World(Portal):
    """A portal with hands. Fields are named as in crm.item.*; `phone` and `email` are short for an entry of `fm`."""

    def add_lead(self, **fields: Any) -> int:
        """Add a lead as an employee would (the event goes out) and return its id."""
        return self._add(LEAD, fields)

    def add_deal(self, **fields: Any) -> int:
        """Add a deal and return its id."""
        return self._add(DEAL, fields)

    def add_contact(self, **fields: Any) -> int:
        """Add a contact and return its id."""
        return self._add(CONTACT, fields)

    def update_lead(self, lead_id: int, **fields: Any) -> None:
        """Change a lead as an employee would."""
        self._update(LEAD, lead_id, fields)

    def update_deal(self, deal_id: int, **fields: Any) -> None:
        """Change a deal as an employee would."""
        self._update(DEAL, deal_id, fields)

    def delete_lead(self, lead_id: int) -> None:
        """Delete a lead."""
        with self.store.lock:
            records.delete(self, LEAD, self.store["leads"][lead_id])

    def lead(self, lead_id: int) -> Row:
        """Return a lead as stored (crm.item.* names, `fm` a list) with its `phones`."""
        return self._copy(LEAD, lead_id)

    def deal(self, deal_id: int) -> Row:
        """Return a deal as stored."""
        return self._copy(DEAL, deal_id)

    def leads(self) -> list[Row]:
        """Return all leads, oldest first."""
        with self.store.lock:
            return [self._copy(LEAD, number) for number in self.store["leads"]]

    def deals(self) -> list[Row]:
        """Return all deals, oldest first."""
        with self.store.lock:
            return [self._copy(DEAL, number) for number in self.store["deals"]]

    def timeline(self, lead_id: int, entity_type_id: int = 1) -> list[str]:
        """Return the texts of an object's timeline comments, oldest first."""
        word = ENTITIES[entity_type_id].word
        with self.store.lock:
            rows = self.store["comments"].values()
            return [row["text"] for row in rows if row["word"] == word and row["ownerId"] == lead_id]

    def todos(self, owner_id: int, entity_type_id: int = 1) -> list[Row]:
        """Return the to-do activities of an object."""
        with self.store.lock:
            rows = [row for row in self.store["activities"].values() if row["providerId"] == "CRM_TODO"]
            return [dict(row) for row in rows if (row["ownerTypeId"], row["ownerId"]) == (entity_type_id, owner_id)]

    def notifications(self, user_id: int) -> list[Row]:
        """Return a user's notifications, oldest first: text, tag, by, date."""
        with self.store.lock:
            return [dict(row) for row in self.store["notifications"].values() if row["userId"] == user_id]

    def add_employee(self, name: str, last_name: str = "", **fields: Any) -> int:
        """Hire somebody; `fields` may be active, isOnline, isAdmin, day (OPENED ...), tracksTime, departments."""
        with self.store.lock:
            users = self.store["users"]
            kept, users.next_id = users.next_id, max(n for n, row in users.items() if row["type"] == "employee") + 1
            number = users.add(blank_user(name, last_name) | fields)
            users.next_id = kept
            return number

    def set_employee(self, user_id: int, **fields: Any) -> None:
        """Change an employee: active, isOnline, day, tracksTime ... A day set to OPENED starts now."""
        with self.store.lock:
            user = self.store["users"][user_id]
            user.update(fields)
            if fields.get("day") == "OPENED" and "dayStarted" not in fields:
                user["dayStarted"] = self.clock.iso()

    def add_line(self, **settings: Any) -> int:
        """Create an open line; settings are named as in imopenlines.config.*, QUEUE is a list of user ids."""
        with self.store.lock:
            return self.store["lines"].add(openlines.LINE_DEFAULTS | settings)

    def add_pipeline(self, name: str) -> int:
        """Create a pipeline of deals with three stages (C<id>:NEW, C<id>:WON, C<id>:LOSE) and return its id."""
        with self.store.lock:
            row = {"name": name, "sort": 500, "entityTypeId": DEAL.type_id, "isDefault": "N"}
            number = self.store["categories"].add(row)
            for code, title, sort, meaning in (
                ("NEW", "Новая", 10, ""),
                ("WON", "Да", 20, "S"),
                ("LOSE", "Нет", 30, "F"),
            ):
                stage, directory = f"C{number}:{code}", f"DEAL_STAGE_{number}"
                add_stage(self.store, directory, stage, name=title, sort=sort, semantics=meaning)
            return number

    def add_user_field(self, entity_type_id: int, upper: str, kind: str = "string") -> None:
        """Create a custom field, e.g. (1, "UF_CRM_1747309879"); existing objects get it empty."""
        with self.store.lock:
            self.settings.setdefault("user_fields", {}).setdefault(str(entity_type_id), {})[upper] = kind
            entity = ENTITIES[entity_type_id]
            field = next(item for item in fields_of(entity, self.settings).values() if item.upper == upper)
            for row in self.store[entity.table].values():
                row.setdefault(field.name, records.empty(field))

    def require_on_stage(self, stage_id: str, *names: str) -> None:
        """Make fields mandatory when an object comes to a stage."""
        with self.store.lock:
            self.settings.setdefault("mandatory", {})[stage_id] = list(names)

    def client_says(
        self, connector: str, line_id: int, user_id: str, text: str, *, name: str = "Гость", lead_late: bool = False
    ) -> Said:
        """A client writes through a connector (telegrambot, vkgroup, livechat, avito ...).

        `user_id` is the client's id in the messenger. With `lead_late` the lead is not there yet when the bot hears of
        the message (`link_lead` creates it later).
        """
        with self.store.lock:
            self.tick()
            return openlines.client_says(self, connector, line_id, str(user_id), text, name=name, lead_late=lead_late)

    def link_lead(self, chat_id: int) -> int:
        """Create the late lead of a chat and return its id."""
        with self.store.lock:
            chat = self.store["chats"][chat_id]
            openlines.link_crm(self, chat)
            return int(chat["leadId"])

    def operator_answers(self, chat_id: int, user_id: int, text: str, *, bot_stays: bool = False) -> int:
        """An employee writes into a chat and takes it over; with `bot_stays` the bot remains a silent member."""
        with self.store.lock:
            self.tick()
            chat = self.store["chats"][chat_id]
            return int(openlines.operator_answers(self, chat, user_id, text, bot_stays=bot_stays)["id"])

    def operator_takes(self, chat_id: int, user_id: int) -> None:
        """An employee presses "Answer" without writing; the bot leaves without a word."""
        with self.store.lock:
            chat = self.store["chats"][chat_id]
            session = openlines.current_session(self, chat) or openlines.open_session(self, chat)
            openlines.take_over(self, chat, session, user_id)
            for bot in openlines.bots_in(self, chat):
                openlines.leave(chat, bot)

    def finish_chat(self, chat_id: int) -> None:
        """An employee ends the dialogue."""
        with self.store.lock:
            chat = self.store["chats"][chat_id]
            session = openlines.current_session(self, chat)
            if session is not None:
                openlines.close(self, chat, session)

    def outbox(self, user_code: str) -> list[Row]:
        """Return what the client saw, oldest first: text, by (bot, employee, system), authorId, date, id."""
        with self.store.lock:
            chats = [row["id"] for row in self.store["chats"].values() if row["entityId"] == user_code]
            rows = self.store["messages"].values()
            return [dict(row) for row in rows if row["chatId"] in chats and row["toClient"]]

    def chat(self, chat_id: int) -> Row:
        """Return a chat as stored: owner, members, leadId, sessionId, entityId ..."""
        with self.store.lock:
            return dict(self.store["chats"][chat_id])

    def subscribe(self, event: str, handler_url: str, application_token: str | None = None) -> int:
        """Fill in the outgoing webhook's form; the token defaults to the portal's."""
        with self.store.lock:
            token = self.application_token if application_token is None else application_token
            return subscribe(self.store, event, handler_url, token)

    def called(self, method: str) -> list[Row]:
        """Return the parameters of the successful calls of a method, batched ones included."""
        return [seen.params for seen in self.calls if seen.method.lower() == method.lower() and seen.outcome == "ok"]

    def _add(self, entity: Entity, fields: Row) -> int:
        with self.store.lock:
            return int(records.create(self, entity, fields, self._fm(fields), by=self.user_id)["id"])

    def _update(self, entity: Entity, number: int, fields: Row) -> None:
        with self.store.lock:
            row = self.store[entity.table][number]
            records.change(self, entity, row, fields, self._fm(fields), by=self.user_id)

    def _copy(self, entity: Entity, number: int) -> Row:
        with self.store.lock:
            row = self.store[entity.table][number]
            entries = [dict(entry) for entry in row["fm"]]
            return {**row, "fm": entries, "phones": values(row, "PHONE"), "emails": values(row, "EMAIL")}

    @staticmethod
    def _fm(fields: Row) -> Row:
        entries = list(fields["fm"]) if "fm" in fields else []
        for name in ("phone", "email"):
            if fields.get(name):
                entries.append({"typeId": name.upper(), "valueType": "WORK", "value": str(fields[name])})
        return {"fm": entries} if entries else {}
