namespace Fermata.Emscripten.Glue;

/// <summary>
/// What the glue consists of beside what depends on types: definitions in the text format by their names. Each names what it uses, which may be others, or
/// <see cref="ProgramSymbols"/>.
/// </summary>
/// <remarks>
/// C++ exceptions are those of the Itanium C++ ABI (Exception Handling, level II), but that the code of the landing pads drives the search. In front of an exception object lies
/// its header, of 24 bytes: referenceCount, exceptionType, exceptionDestructor, caught (8 bits), rethrown (8 bits), adjustedPtr, padding. Whoever throws it has a reference,
/// which the end of the handler drops. In older versions of Emscripten the beginning of the handler takes it; as nothing looks at the count between, that comes to the same.
/// <para>
/// An exception that is thrown carries its object, and what catches it says which it was: so calls that wait while they unwind do not see the exceptions of others.
/// The handlers that are active, and how many exceptions are on their way, are those of the call that runs, as they are those of a thread in C++: the host puts them away while it
/// is suspended (<see cref="CppExceptions.HandlerStates"/>).
/// </para>
/// </remarks>
internal static class GlueDefinitions
{
    /// <summary>The tag of a <c>longjmp</c>. Where to and with which value, the program has noted itself.</summary>
    public const string LongjmpTag = "$longjmpTag";

    /// <summary>The tag of a C++ exception, with the address of the object.</summary>
    public const string ExceptionTag = "$exceptionTag";

    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["longjmpTag"] = "(tag $longjmpTag)",
        ["stackSave"] = "(func $stackSave (result i32) (global.get $__stack_pointer))",
        ["stackRestore"] = "(func $stackRestore (param i32) (global.set $__stack_pointer (local.get 0)))",
        ["tempRet0"] = "(global $tempRet0 (mut i32) (i32.const 0))",
        ["getTempRet0"] = "(func $getTempRet0 (result i32) (global.get $tempRet0))",
        ["setTempRet0"] = "(func $setTempRet0 (param i32) (global.set $tempRet0 (local.get 0)))",

        ["__call_sighandler"] = "(func $__call_sighandler (param $handler i32) (param $signal i32) (call_indirect $table (param i32) (local.get $signal) (local.get $handler)))",

        ["ForeignCaller"] = "(type $ForeignCaller (func (param i32 i32 i32)))",
        ["ffi_call_js"] = """
            (func $ffi_call_js (param $cif i32) (param $function i32) (param $result i32) (param $arguments i32)
              (call_ref $ForeignCaller (local.get $function) (local.get $result) (local.get $arguments) (ref.cast (ref $ForeignCaller) (call $foreignCaller (local.get $cif) (local.get $function)))))
            """,

        ["exceptionTag"] = "(tag $exceptionTag (param i32))",
        ["lastException"] = "(global $lastException (mut i32) (i32.const 0))",
        ["uncaughtExceptions"] = "(global $uncaughtExceptions (mut i32) (i32.const 0))",
        ["Handler"] = "(type $Handler (struct (field $exception i32) (field $outer (ref null $Handler))))",
        ["handlers"] = "(global $handlers (mut (ref null $Handler)) (ref.null $Handler))",
        ["exceptionType"] = Reader("exceptionType", "i32.load", 20),
        ["setExceptionType"] = Writer("setExceptionType", "i32.store", 20),
        ["setDestructor"] = Writer("setDestructor", "i32.store", 16),
        ["isCaught"] = Reader("isCaught", "i32.load8_u", 12),
        ["setCaught"] = Writer("setCaught", "i32.store8", 12),
        ["setRethrown"] = Writer("setRethrown", "i32.store8", 11),
        ["adjustedPtr"] = Reader("adjustedPtr", "i32.load", 8),
        ["setAdjustedPtr"] = Writer("setAdjustedPtr", "i32.store", 8),
        ["adjustedPtrAddress"] = "(func $adjustedPtrAddress (param $object i32) (result i32) (i32.sub (local.get $object) (i32.const 8)))",
        ["__cxa_increment_exception_refcount"] = "(func $__cxa_increment_exception_refcount (param i32))",

        ["__cxa_get_exception_ptr"] = """
            (func $__cxa_get_exception_ptr (param $object i32) (result i32)
              (local $adjusted i32)
              (if (call $__cxa_is_pointer_type (call $exceptionType (local.get $object)))
                (then (return (i32.load $memory (local.get $object)))))
              (local.set $adjusted (call $adjustedPtr (local.get $object)))
              (select (local.get $adjusted) (local.get $object) (local.get $adjusted)))
            """,
        ["raise"] = """
            (func $raise (param $object i32)
              (global.set $uncaughtExceptions (i32.add (global.get $uncaughtExceptions) (i32.const 1)))
              (call $__cxa_increment_exception_refcount (local.get $object))
              (throw $exceptionTag (local.get $object)))
            """,
        ["raiseAgain"] = """
            (func $raiseAgain (param $object i32)
              (call $setRethrown (local.get $object) (i32.const 1))
              (call $setCaught (local.get $object) (i32.const 0))
              (call $raise (local.get $object)))
            """,
        ["match"] = """
            (func $match (param $object i32) (param $thrown i32) (param $caught i32) (result i32)
              (if (i32.or (i32.eqz (local.get $caught)) (i32.eq (local.get $caught) (local.get $thrown)))
                (then (return (local.get $thrown))))
              (select (local.get $caught) (i32.const 0)
                (call $__cxa_can_catch (local.get $caught) (local.get $thrown) (call $adjustedPtrAddress (local.get $object)))))
            """,

        ["__cxa_throw"] = """
            (func $__cxa_throw (param $object i32) (param $type i32) (param $destructor i32)
              (call $setAdjustedPtr (local.get $object) (i32.const 0))
              (call $setExceptionType (local.get $object) (local.get $type))
              (call $setDestructor (local.get $object) (local.get $destructor))
              (call $raise (local.get $object)))
            """,
        ["__cxa_rethrow"] = "(func $__cxa_rethrow (call $raiseAgain (struct.get $Handler $exception (global.get $handlers))))",
        ["__cxa_rethrow_primary_exception"] = """
            (func $__cxa_rethrow_primary_exception (param $object i32)
              (if (local.get $object) (then (call $raiseAgain (local.get $object)))))
            """,
        ["__resumeException"] = "(func $__resumeException (param $object i32) (throw $exceptionTag (local.get $object)))",
        ["__cxa_begin_catch"] = """
            (func $__cxa_begin_catch (param $object i32) (result i32)
              (if (i32.eqz (call $isCaught (local.get $object)))
                (then
                  (call $setCaught (local.get $object) (i32.const 1))
                  (global.set $uncaughtExceptions (i32.sub (global.get $uncaughtExceptions) (i32.const 1)))))
              (call $setRethrown (local.get $object) (i32.const 0))
              (global.set $handlers (struct.new $Handler (local.get $object) (global.get $handlers)))
              (call $__cxa_get_exception_ptr (local.get $object)))
            """,
        ["__cxa_end_catch"] = """
            (func $__cxa_end_catch
              (local $handler (ref null $Handler))
              (call $setThrew (i32.const 0) (i32.const 0))
              (local.set $handler (global.get $handlers))
              (global.set $handlers (struct.get $Handler $outer (local.get $handler)))
              (global.set $lastException (i32.const 0))
              (call $__cxa_decrement_exception_refcount (struct.get $Handler $exception (local.get $handler))))
            """,
        ["__cxa_current_primary_exception"] = """
            (func $__cxa_current_primary_exception (result i32)
              (local $object i32)
              (if (ref.is_null (global.get $handlers)) (then (return (i32.const 0))))
              (local.set $object (struct.get $Handler $exception (global.get $handlers)))
              (call $__cxa_increment_exception_refcount (local.get $object))
              (local.get $object))
            """,
        ["__cxa_current_exception_type"] = """
            (func $__cxa_current_exception_type (result i32)
              (if (ref.is_null (global.get $handlers)) (then (return (i32.const 0))))
              (call $exceptionType (struct.get $Handler $exception (global.get $handlers))))
            """,
        ["__cxa_uncaught_exceptions"] = "(func $__cxa_uncaught_exceptions (result i32) (global.get $uncaughtExceptions))",
        ["__cxa_call_unexpected"] = "(func $__cxa_call_unexpected (param i32) (unreachable))",
        ["llvm_eh_typeid_for"] = "(func $llvm_eh_typeid_for (param $type i32) (result i32) (local.get $type))",
    };

    /// <summary>Functions of the host that the glue calls, and their types: they do not call back.</summary>
    public static readonly IReadOnlyDictionary<string, string> HostFunctions = new Dictionary<string, string>
    {
        ["foreignCaller"] = "(func (param i32 i32) (result funcref))",
    };

    /// <summary>The module name from which the glue imports them.</summary>
    public const string Host = "fermata:host";

    /// <summary>The names of definitions that programs import.</summary>
    public static readonly IReadOnlySet<string> Imports = new HashSet<string>
    {
        "__call_sighandler", "ffi_call_js", "getTempRet0", "setTempRet0", "llvm_eh_typeid_for", "__resumeException",
        "__cxa_throw", "__cxa_rethrow", "__cxa_rethrow_primary_exception", "__cxa_begin_catch", "__cxa_end_catch", "__cxa_get_exception_ptr",
        "__cxa_current_primary_exception", "__cxa_current_exception_type", "__cxa_uncaught_exceptions", "__cxa_call_unexpected",
    };

    /// <summary>A function that reads a field of the header of an exception.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="load">The instruction.</param>
    /// <param name="distance">How many bytes in front of the object the field begins.</param>
    private static string Reader(string name, string load, int distance) =>
        $"(func ${name} (param $object i32) (result i32) ({load} $memory (i32.sub (local.get $object) (i32.const {distance}))))";

    /// <summary>As <see cref="Reader"/>, one that writes it.</summary>
    private static string Writer(string name, string store, int distance) =>
        $"(func ${name} (param $object i32) (param $value i32) ({store} $memory (i32.sub (local.get $object) (i32.const {distance})) (local.get $value)))";
}
