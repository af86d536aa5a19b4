"""Prices of rules against the values of all plans of tiny cities, as checks alone judge them."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from optimizer import solving
from optimizer.build import build
from optimizer.constraint import Constraint, registry
from optimizer.explain.limits import altered
from optimizer.explain.price import price, priceable
from optimizer.explain.prices import Prices
from optimizer.instance import Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.plan import Plan
from optimizer.solving import Solution
from tests.brute import Brute, TooLargeError
from tests.tiny import tiny, tiny_entry, with_entries

pytestmark = pytest.mark.usefixtures("one_engine")

SEEDS = (8, 11, 41, 46, 51)


def exactly(instance: Instance, start: Plan, seconds: float) -> Solution:
    return solving.solve(instance, Fraction(0), 60, start=start)


@cache
def brute(seed: int) -> Brute:
    return Brute(replace(tiny(seed), objectives=(StaffCost(),), entries=()))


def least(seed: int, instance: Instance) -> int | None:
    """The least value of all plans, None if there is none."""
    best = brute(seed).best(build(instance))
    return None if best is None else best[0][0]


def cases() -> Iterator[tuple[int, Instance]]:
    """Tiny cities under two entries that can be asked for, of every kind in turn."""
    names = [name for name, rule in registry().items() if not rule.always]
    for number, name in enumerate(names):
        seed = SEEDS[number % len(SEEDS)]
        random = Random(name)
        city = replace(tiny(seed), objectives=(StaffCost(),))
        for _ in range(12):
            other = random.choice([n for n in names if n != name])
            entries = [tiny_entry(n, city, random) for n in (name, other)]
            if None in entries:
                continue
            whole = with_entries(city, *entries)
            if any(entry.problems(whole) for entry in entries):
                continue
            yield seed, whole
if __name__=="__main__":
    import time
    from optimizer.engines.child import Engine
    from contextlib import nullcontext
    with Engine() as e:
        solving.running=lambda *h: nullcontext([e])
        seen={}
        for seed, city in cases():
            key=[x.type_name() for x in priceable(city)]
            if seen.get(key[0],0)>=2: continue
            t=time.time()
            try: v=least(seed,city)
            except TooLargeError: print(key,"large"); continue
            if v is None: continue
            try:
                truth=[(x.id, least(seed, altered(city,x,None))) for x in priceable(city)]
            except TooLargeError: print(key,"large2"); continue
            differs=any(w!=v for _,w in truth)
            if not differs and seen.get(key[0],0)>=1: continue
            t1=time.time()
            plan=exactly(city,None,9).plan
            p=price(city,plan,exactly,priceable(city),ranges=True)
            seen[key[0]]=seen.get(key[0],0)+1
            bad=[]
            for x in p.priced:
                for pr in x.prices:
                    w=least(seed,altered(city,x.entry,pr.limit))
                    d=None if w is None else (w-v if pr.change=="tighter" else v-w)
                    ok=(pr.verdict=="refused") or (d is None and pr.verdict=="impossible") or (d is not None and pr.least<=d<=pr.most)
                    if not ok: bad.append((x.entry.id,pr,d))
            print(seed,key,v,truth,round(t1-t,1),round(time.time()-t1,1),[ (x.tighter,x.wider) for x in p.priced if x.wider], "BAD" if bad else "",bad,flush=True)
