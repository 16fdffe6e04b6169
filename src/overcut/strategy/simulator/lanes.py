"""How is one thing computed for eight races at once: vectors of 32-bit numbers that numba hands to the processor whole.

A `Lanes` value in compiled code is an LLVM vector: eight float32 (``F``), eight int32 (``I``) or eight truth values
(``M``), with the usual operators. LLVM maps it to AVX2, or to two halves where registers are shorter. No operation is
fused or reordered, so that every lane gives what the same sum gives in plain 32-bit arithmetic, on any processor.
"""
# ruff: noqa: D103 -- each function is one instruction, named for what it does
# pyright: basic

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, cast

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

WIDTH = 8
"""Races in a vector."""
BLOCK = 64
"""Races that are played together; a power of two, at most 64."""
SHIFT = BLOCK.bit_length() - 1

_I32, _F32, _BIT = ir.IntType(32), ir.FloatType(), ir.IntType(1)


def inner(function: Callable[..., Any]) -> Any:
    """A function that compiled code calls; it allocates nothing, so that no array need be counted as it is passed."""
    njit: Any = numba.njit
    return njit(nogil=True, error_model="numpy", _nrt=False)(function)


def instruction(function: Callable[..., Any]) -> Any:
    """A function that numba writes out as LLVM instructions where it is called: types first, then how to write it."""
    return cast(Any, intrinsic)(function)


class Lanes(types.Type):
    """Numba's type of a vector."""

    def __init__(self, letter: str) -> None:
        super().__init__(name=f"Lanes{letter}{WIDTH}")
        self.element = {"F": _F32, "I": _I32, "M": _BIT}[letter]


F, I, M = Lanes("F"), Lanes("I"), Lanes("M")  # noqa: E741


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """A vector is kept as LLVM's own vector."""

    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, ir.VectorType(kind.element, WIDTH))


def _operator(of: Callable[..., object], cases: dict[tuple[Lanes, ...], tuple[Lanes, Any]]) -> None:
    """Teach numba an operator: for each argument types, the result's type and how the builder writes it."""

    signatures = [signature(result, *given) for given, (result, _) in cases.items()]
    cast(Any, infer_global)(of)(type("Operator", (ConcreteTemplate,), {"cases": signatures}))
    for given, (_, write) in cases.items():

        def lower(context, builder, sig, args, write=write):
            return write(builder, *args)

        lower_builtin(of, *given)(lower)


def _compare(sign: str) -> dict[tuple[Lanes, ...], tuple[Lanes, Any]]:
    return {
        (F, F): (M, lambda b, x, y: b.fcmp_ordered(sign, x, y)),
        (I, I): (M, lambda b, x, y: b.icmp_signed(sign, x, y)),
    }


_operator(operator.add, {(F, F): (F, lambda b, x, y: b.fadd(x, y)), (I, I): (I, lambda b, x, y: b.add(x, y))})
_operator(operator.sub, {(F, F): (F, lambda b, x, y: b.fsub(x, y)), (I, I): (I, lambda b, x, y: b.sub(x, y))})
_operator(operator.mul, {(F, F): (F, lambda b, x, y: b.fmul(x, y)), (I, I): (I, lambda b, x, y: b.mul(x, y))})
_operator(operator.truediv, {(F, F): (F, lambda b, x, y: b.fdiv(x, y))})
_operator(operator.and_, {(M, M): (M, lambda b, x, y: b.and_(x, y)), (I, I): (I, lambda b, x, y: b.and_(x, y))})
_operator(operator.or_, {(M, M): (M, lambda b, x, y: b.or_(x, y)), (I, I): (I, lambda b, x, y: b.or_(x, y))})
_operator(operator.xor, {(M, M): (M, lambda b, x, y: b.xor(x, y)), (I, I): (I, lambda b, x, y: b.xor(x, y))})
_operator(operator.invert, {(M,): (M, lambda b, x: b.not_(x))})
_operator(operator.lt, _compare("<"))
_operator(operator.le, _compare("<="))
_operator(operator.gt, _compare(">"))
_operator(operator.ge, _compare(">="))
_operator(operator.eq, _compare("=="))


def _splat(builder, value, element, width=WIDTH):
    empty = ir.Constant(ir.VectorType(element, width), ir.Undefined)
    one = builder.insert_element(empty, value, ir.Constant(_I32, 0))
    zeros = ir.Constant(ir.VectorType(_I32, width), [0] * width)
    return builder.shuffle_vector(one, empty, zeros)


def _place(builder, pointer, index):
    return builder.gep(pointer, [index])


def _whole(builder, value, kind):
    """An index of any width as a 64-bit one."""
    return value if kind.bitwidth == 64 else builder.sext(value, ir.IntType(64))


@instruction
def start_of(typing_context, array):
    """Where an array's numbers begin: indexed like the array, but never counted, never measured, never from the end."""

    def generate(context, builder, sig, args):
        return cgutils.create_struct_proxy(sig.args[0])(context, builder, value=args[0]).data

    return types.CPointer(array.dtype)(array), generate


@instruction
def each_f(typing_context, value):
    """One number in every lane, as float32."""

    def generate(context, builder, sig, args):
        return _splat(builder, context.cast(builder, args[0], sig.args[0], types.float32), _F32)

    return F(value), generate


@instruction
def each_i(typing_context, value):
    """One number in every lane, as int32 (its low bits)."""

    def generate(context, builder, sig, args):
        return _splat(builder, context.cast(builder, args[0], sig.args[0], types.int32), _I32)

    return I(value), generate


@instruction
def lane_numbers(typing_context):
    """0, 1, 2, …"""

    def generate(context, builder, sig, args):
        return ir.Constant(ir.VectorType(_I32, WIDTH), list(range(WIDTH)))

    return I(), generate


@instruction
def load(typing_context, array, index):
    """The lanes that stand in an array from a place on."""
    result = F if array.dtype == types.float32 else I

    def generate(context, builder, sig, args):
        place = _place(builder, args[0], _whole(builder, args[1], sig.args[1]))
        vector = ir.VectorType(result.element, WIDTH)
        return builder.load(builder.bitcast(place, vector.as_pointer()), align=4)

    return result(array, index), generate


@instruction
def store(typing_context, array, index, value):
    """Put the lanes into an array from a place on."""

    def generate(context, builder, sig, args):
        place = _place(builder, args[0], _whole(builder, args[1], sig.args[1]))
        builder.store(args[2], builder.bitcast(place, args[2].type.as_pointer()), align=4)
        return context.get_dummy_value()

    return types.void(array, index, value), generate


@instruction
def gather(typing_context, array, start, index):
    """For every lane the number that stands at ``start`` plus its own index."""
    result = F if array.dtype == types.float32 else I

    def generate(context, builder, sig, args):
        data = _place(builder, args[0], _whole(builder, args[1], sig.args[1]))
        out = ir.Constant(ir.VectorType(result.element, WIDTH), ir.Undefined)
        for lane in range(WIDTH):
            at = builder.zext(builder.extract_element(args[2], ir.Constant(_I32, lane)), ir.IntType(64))
            out = builder.insert_element(out, builder.load(builder.gep(data, [at])), ir.Constant(_I32, lane))
        return out

    return result(array, start, index), generate


@instruction
def where(typing_context, mask, yes, no):
    """``yes`` in the lanes where the mask holds, else ``no``."""

    def generate(context, builder, sig, args):
        return builder.select(*args)

    return yes(mask, yes, no), generate


@instruction
def larger(typing_context, left, right):
    """The larger of two, lane by lane."""

    def generate(context, builder, sig, args):
        compare = builder.fcmp_ordered if sig.args[0] is F or sig.args[0] == F else builder.icmp_signed
        return builder.select(compare(">", args[0], args[1]), args[0], args[1])

    return left(left, right), generate


@instruction
def smaller(typing_context, left, right):
    """The smaller of two, lane by lane."""

    def generate(context, builder, sig, args):
        compare = builder.fcmp_ordered if sig.args[0] == F else builder.icmp_signed
        return builder.select(compare("<", args[0], args[1]), args[0], args[1])

    return left(left, right), generate


@instruction
def shifted_up(typing_context, value, by):
    """Bits moved towards the high end."""

    def generate(context, builder, sig, args):
        return builder.shl(args[0], _splat(builder, context.cast(builder, args[1], sig.args[1], types.int32), _I32))

    return I(I, by), generate


@instruction
def shifted_down(typing_context, value, by):
    """Bits moved towards the low end, zeros following."""

    def generate(context, builder, sig, args):
        return builder.lshr(args[0], _splat(builder, context.cast(builder, args[1], sig.args[1], types.int32), _I32))

    return I(I, by), generate


@instruction
def moved_down(typing_context, value, by):
    """Bits moved towards the low end, copies of the sign following."""

    def generate(context, builder, sig, args):
        return builder.ashr(args[0], _splat(builder, context.cast(builder, args[1], sig.args[1], types.int32), _I32))

    return I(I, by), generate


@instruction
def as_float(typing_context, value):
    def generate(context, builder, sig, args):
        return builder.sitofp(args[0], ir.VectorType(_F32, WIDTH))

    return F(I), generate


@instruction
def as_int(typing_context, value):
    """Towards zero."""

    def generate(context, builder, sig, args):
        return builder.fptosi(args[0], ir.VectorType(_I32, WIDTH))

    return I(F), generate


@instruction
def bits(typing_context, mask):
    """A mask as a whole number: bit 0 is the first lane."""

    def generate(context, builder, sig, args):
        return builder.zext(builder.bitcast(args[0], ir.IntType(WIDTH)), ir.IntType(64))

    return types.int64(M), generate


@instruction
def total(typing_context, value):
    """The sum over the lanes, of int32."""

    def generate(context, builder, sig, args):
        out = ir.Constant(_I32, 0)
        for lane in range(WIDTH):
            out = builder.add(out, builder.extract_element(args[0], ir.Constant(_I32, lane)))
        return builder.sext(out, ir.IntType(64))

    return types.int64(I), generate


@instruction
def first_bit(typing_context, value):
    """The number of the lowest bit that is set; the value must not be 0."""

    def generate(context, builder, sig, args):
        return builder.cttz(args[0], ir.Constant(_BIT, 1))

    return types.int64(types.int64), generate


@instruction
def how_many(typing_context, array, index, value):
    """How many of the `BLOCK` bytes from a place on have this value."""

    def generate(context, builder, sig, args):
        place = _place(builder, args[0], _whole(builder, args[1], sig.args[1]))
        byte = ir.IntType(8)
        vector = builder.load(builder.bitcast(place, ir.VectorType(byte, BLOCK).as_pointer()), align=1)
        wanted = _splat(builder, context.cast(builder, args[2], sig.args[2], types.uint8), byte, BLOCK)
        same = builder.icmp_unsigned("==", vector, wanted)
        count = builder.ctpop(builder.bitcast(same, ir.IntType(BLOCK)))
        return count if BLOCK == 64 else builder.zext(count, ir.IntType(64))

    return types.int64(array, index, value), generate
