"""The same people in every test, with fixed rights: our staff by role, a customer, a stranger."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.test import Client

from bot.models import Channel, Chat
from config.roles import set_up_roles
from crm.models import Customer, CustomerChat, Lead, Manager

PASSWORD = "only-for-tests-9x"
STAFF = ("owner", "admin", "editor", "manager", "manager2", "analyst", "barista")


@dataclass(frozen=True)
class People:
    """Everybody, by name. `stranger` can log in to nothing; `customer` writes in a chat."""

    owner: User
    admin: User
    editor: User
    manager: User
    manager2: User
    analyst: User
    barista: User
    stranger: User
    olga: Manager  # the manager whose user is `manager`
    pavel: Manager  # … and `manager2`
    customer: Customer
    chat: Chat

    def user(self, name: str) -> User:
        """Return the user of a role's name."""
        user: User = getattr(self, name)
        return user


def make_people() -> People:
    """Create everybody; needs the database."""
    set_up_roles()
    users = {name: _user(name) for name in STAFF}
    stranger = User.objects.create_user("stranger")
    channel = Channel.objects.create(kind="telegram", title="Бот магазина", credentials={"token": "1:test"})
    chat = Chat.objects.create(channel=channel, external_id="1001", name="Анна", username="anna")
    customer = Customer.objects.create(name="Анна Ким", source="site")
    CustomerChat.objects.create(customer=customer, chat=chat)
    return People(
        **users,
        stranger=stranger,
        olga=Manager.objects.create(name="Ольга", user=users["manager"], bitrix_id=11),
        pavel=Manager.objects.create(name="Павел", user=users["manager2"], bitrix_id=12),
        customer=customer,
        chat=chat,
    )


def _user(name: str) -> User:
    # Without a password: hashing seven of them would cost more than most tests. `with_password` gives one.
    user = User.objects.create_user(name, is_staff=True, first_name=name.title())
    user.groups.add(Group.objects.get(name=name.rstrip("2")))
    return user


def with_password(user: User) -> User:
    """Let `user` log in through the form."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def logged_in(user: User) -> Client:
    """Return a browser in which `user` is logged in."""
    client = Client()
    client.force_login(user)
    return client


def lead_of(customer: Customer, *, chat: Chat | None = None, manager: Manager | None = None, **fields: object) -> Lead:
    """Create a lead of a customer."""
    return Lead.objects.create(customer=customer, chat=chat, manager=manager, **fields)
