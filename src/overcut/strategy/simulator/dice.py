"""Which number does the kernel draw: a hash of race, purpose, lap and car, for one race and for eight at once.

Two rounds of multiply and shift (the constants are those of Wellons' ``lowbias32``) on one word of the race's luck and
what the number is for; the other word of the luck is mixed in between. Those for one race are written for LLVM by hand:
numba would compile a plain function anew for each purpose.
"""
# pyright: basic

from __future__ import annotations

from llvmlite import ir
from numba.core import types

from overcut.strategy.simulator.lanes import each_i, inner, instruction, shifted_down

SPREAD = 0x9E3779B1
FIRST = 0x7FEB352D
SECOND = 0x846CA68B
_I32 = ir.IntType(32)


def _word(number):
    return ir.Constant(_I32, number)


def _counted(context, builder, sig, args):
    """``(purpose << 16 | lap << 8 | car) * SPREAD`` of three whole numbers of any kind."""
    purpose, lap, car = (
        context.cast(builder, arg, kind, types.int32) for arg, kind in zip(args, sig.args, strict=True)
    )
    mixed = builder.or_(builder.shl(purpose, _word(16)), builder.or_(builder.shl(lap, _word(8)), car))
    return builder.mul(mixed, _word(SPREAD))


def _hashed(context, builder, sig, args):
    luck, luck_2 = (context.cast(builder, args[i], sig.args[i], types.int32) for i in (0, 1))
    x = builder.add(luck, _counted(context, builder, types.void(*sig.args[2:]), args[2:]))
    x = builder.mul(builder.xor(x, builder.lshr(x, _word(16))), _word(FIRST))
    x = builder.xor(x, luck_2)
    x = builder.mul(builder.xor(x, builder.lshr(x, _word(15))), _word(SECOND))
    return builder.xor(x, builder.lshr(x, _word(16)))


@instruction
def counter(typing_context, purpose, lap, car):
    """What a number is drawn for, as a word."""
    return types.int32(purpose, lap, car), _counted


@instruction
def drawn(typing_context, luck, luck_2, purpose, lap, car):
    """32 random bits, as an int64 that is not negative."""

    def generate(context, builder, sig, args):
        return builder.zext(_hashed(context, builder, sig, args), ir.IntType(64))

    return types.int64(luck, luck_2, purpose, lap, car), generate


@instruction
def share(typing_context, luck, luck_2, purpose, lap, car):
    """Uniform from 0 to 1 (float32, 24 bits)."""

    def generate(context, builder, sig, args):
        top = builder.lshr(_hashed(context, builder, sig, args), _word(8))
        return builder.fmul(builder.sitofp(top, ir.FloatType()), ir.Constant(ir.FloatType(), 2.0**-24))

    return types.float32(luck, luck_2, purpose, lap, car), generate


@inner
def drawn_lanes(luck, luck_2, count):
    """32 random bits for each of eight races; ``count`` is their `counter`."""
    x = luck + count
    x = x ^ shifted_down(x, 16)
    x = x * each_i(FIRST)
    x = x ^ luck_2
    x = x ^ shifted_down(x, 15)
    x = x * each_i(SECOND)
    return x ^ shifted_down(x, 16)
