"""A small menu that the tests of the pure package share."""

from decimal import Decimal

from content.menu.values import Category, Group, Menu, Option, Product

SIZE = Group(
    "size", "Объём", 1, 1, (Option("m", "250 мл", Decimal(0), is_default=True), Option("l", "350 мл", Decimal(60)))
)
MILK = Group(
    "milk", "Молоко", 0, 1, (Option("oat", "Овсяное", Decimal(70)), Option("almond", "Миндальное", Decimal(80), left=0))
)
SHOT = Option("shot", "Эспрессо", Decimal(60))
SYRUP = Option("syrup", "Сироп", Decimal(40), left=2)
OWN = Option("own", "Своя кружка", Decimal(-30))
EXTRA = Group("extra", "Добавки", 0, 2, (SHOT, SYRUP, OWN))
LATTE = Product("latte", "Латте", Decimal(250), "coffee", groups=(SIZE, MILK, EXTRA))
CROISSANT = Product("croissant", "Круассан", Decimal(180), "bakery", left=3)
CAKE = Product("cake", "Медовик", Decimal(290), "bakery", left=0, is_available=False, why_not="ended")
OATMEAL = Product(
    "oatmeal", "Овсянка", Decimal(240), "bakery", hours="–12:00", is_available=False, why_not="not_now"
)  # fmt: skip
MENU = Menu(
    "tverskaya",
    "Тверская",
    (Category("coffee", "Кофе", "☕", (LATTE,)), Category("bakery", "Выпечка", "🥐", (CROISSANT, CAKE, OATMEAL))),
)
