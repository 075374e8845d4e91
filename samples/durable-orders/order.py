"""An order, from its payment to the courier: what order.c does. It waits for each of these, for hours or for days, in plain functions and in the middle of a generator, with what it needs in local
variables. Nothing here knows that the process may end meanwhile."""

import json
import os
import sys
import time

MOST_ATTEMPTS = 4
HOURS_TO_NEXT_LORRY = 8
SECONDS_OF_AN_HOUR = float(os.environ["HOUR"])


def call(function, request, until=None):
    """Asks the host, by a file: what is written there is the request, what is read is the answer."""
    tell(function, request, until)
    with open(f"/call/{function}", "r+") as file:
        json.dump(request, file)
        return json.load(file)


def payment():
    """Waits for the customer, who pays, or sends less than what it costs; the cents."""
    tell("payment")
    with open("/event/payment") as file:
        return json.load(file)


def sleep_hours(hours):
    """By a file, too: this build of CPython has no time.sleep."""
    call("sleep_hours", hours, until=time.time() + hours * SECONDS_OF_AN_HOUR)


def tell(function, request=None, until=None):
    """Tells the page where the order waits. What is printed is kept together with the wait, once."""
    stack, frame = [function], sys._getframe(2)
    while frame.f_code.co_name != "<module>":
        if frame.f_code.co_name != function:
            stack.insert(0, f"{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    print(json.dumps({"stack": stack, "request": request, "until": until}), flush=True)


def price_of(lines):
    return sum(line["pieces"] * line["cents"] for line in lines)


def fetch(line):
    """What is not on the shelf may come with the next lorry, or with the one after it."""
    for attempt in range(MOST_ATTEMPTS):
        if attempt > 0:
            sleep_hours(HOURS_TO_NEXT_LORRY)
        if call("reserve", {"item": line["item"], "pieces": line["pieces"]}):
            return True
    return False


def collect(lines):
    """One line after another, as they come; what cannot be had is left out."""
    for line in lines:
        if fetch(line):
            yield line


def deliver(order, parcels):
    sleep_hours(call("courier", {"order": order, "parcels": parcels}))


def process(order):
    """The cents that the shop has for it in the end."""
    lines = call("read_order", order)
    bill = price_of(lines)
    paid = payment()
    if paid < bill:
        if paid > 0:
            call("refund", {"order": order, "cents": paid})
        return 0

    parcels = list(collect(lines))
    bill = price_of(parcels)
    if paid > bill:
        call("refund", {"order": order, "cents": paid - bill})
    if parcels:
        deliver(order, len(parcels))
    return bill


print(process(int(sys.argv[1])))
