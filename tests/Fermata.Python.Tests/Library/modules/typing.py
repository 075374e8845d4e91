import typing
from typing import *
List[int], Dict[str, Optional[int]], Union[int, str], int | None, Callable[[int], str], Callable[..., Any], Tuple[int, ...], Literal['a', 1], list[int], Annotated[int, 'meta'], Type[int], ClassVar[int], Final[int]
get_origin(list[int]), get_args(dict[str, int]), get_args(Callable[[int], str]), get_origin(int | str), get_args(Annotated[int, 5])
Union[int, int], Optional[None], Union[int, Union[str, int]], Literal[1, 1, True], int | str == Union[str, int], hash(list[int]) == hash(list[int])
List[int, str]
Optional[1, 2]
Literal
Union[()]
T = TypeVar('T', bound=int); P = ParamSpec('P'); Ts = TypeVarTuple('Ts')
T, P.args, Ts, T.__bound__, T.__constraints__, TypeVar('X', int, str).__constraints__, Generic[T], List[T][int], Callable[P, T]
class Box(Generic[T]):
    def get(self) -> T: ...
Box[int], Box[int].__args__, Box.__parameters__, Box[int]() and None, get_type_hints(Box.get)
Box[int, str]
def f(a: 'int', b: list['str'] = None, *c: float) -> None: ...
get_type_hints(f), f.__annotations__
class TD(TypedDict, total=False):
    a: Required[int]
    b: str
TD(a=1), TD.__required_keys__, TD.__optional_keys__, get_type_hints(TD)
isinstance({}, TD)
class NT(NamedTuple):
    a: int
    b: str = 'x'
NT(1), NT._field_defaults, NT.__annotations__
@runtime_checkable
class Closes(Protocol):
    def close(self): ...
isinstance(open, Closes), isinstance(type('X', (), {'close': 1})(), Closes)
class Plain(Protocol): x: int
isinstance(1, Plain)
Plain()
isinstance([], list[int])
isinstance(1, int | str), issubclass(bool, int | None), cast(int, 'a'), NewType('Id', int)(5), NewType('Id', int)
type Alias[A] = list[A]
Alias, Alias[int], Alias.__value__, Alias.__type_params__
def generic[A: int, *B, **C](x: A) -> A: return x
generic.__type_params__, [p.__bound__ for p in generic.__type_params__[:1]]
class G[A = int]: pass
G.__orig_bases__, G.__type_params__[0].__default__
overload(f)(1) if False else None
assert_never(1)
reveal_type(1)
Any, NoReturn, Never, Self, Text, AnyStr, LiteralString, TypeGuard[int], Unpack[Ts], Concatenate[int, P], ForwardRef('x'), SupportsInt
get_protocol_members(Closes), is_typeddict(TD), is_protocol(Closes), no_type_check(f) is f, TYPE_CHECKING
ReadOnly[int], TypeIs[int], NoDefault
def later(x: Undefined) -> None: ...
later.__annotations__
import annotationlib
annotationlib.get_annotations(later, format=annotationlib.Format.FORWARDREF), annotationlib.get_annotations(later, format=annotationlib.Format.STRING)
