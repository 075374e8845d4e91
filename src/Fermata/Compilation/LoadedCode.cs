using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Structure;
using Fermata.Validation;
using RuntimeHelpers = System.Runtime.CompilerServices.RuntimeHelpers;

namespace Fermata.Compilation;

/// <summary>Code of a module that was compiled before, to an assembly. What is not there is compiled when it is needed.</summary>
internal sealed class LoadedCode : CodeMaker
{
    private readonly CodeImage _image;
    private readonly Lazy<ModuleCompiler> _compiler;
    private readonly ModuleTypes _types;

    private LoadedCode(Engine engine, ModuleDefinition definition, ModuleTypes types, CodeImage image, CodeFingerprint fingerprint)
    {
        _image = image;
        _types = types;
        var functions = new FunctionCode[image.Table.NumberCount];
        foreach (var row in image.Table.Rows)
        {
            functions[row.Function].Sites = row.Sites;
            functions[row.Function].LargeFrameBytes = row.LargeFrameBytes;
        }

        var hasGuards = image.Table.NeedsGuards;
        Code = new ModuleCode(this, functions, fingerprint) { NeedsGuards = hasGuards };
        Code.Name(image.Assembly);
        _compiler = new Lazy<ModuleCompiler>(() =>
        {
            var instances = new InstanceClass(image.InstanceType, definition, types);
            var assemblies = new CodeAssemblies(engine.Options.IsCollectible, instances, image) { Code = Code };
            return new ModuleCompiler(engine, definition, types, new LoadBudget(), hasGuards, assemblies, functions);
        });
    }

    /// <summary>That of what is compiled later was reckoned with.</summary>
    public override (int Numbers, int References) LargestStop => _image.Table.LargestStop;

    private ModuleCode Code { get; }

    public override IEnumerable<int> Made => _compiler.IsValueCreated ? _compiler.Value.Made : [];

    public override IEnumerable<int> Loaded => _image.Table.Rows.Where(row => !row.IsPiece).Select(row => row.Function);

    /// <summary>The code of a module, which an image has some of.</summary>
    public static ModuleCode Of(Engine engine, ModuleDefinition definition, ModuleTypes types, CodeImage image, CodeFingerprint fingerprint) =>
        new LoadedCode(engine, definition, types, image, fingerprint).Code;

    public override nint Make(CodeForm form, int function) =>
        _image.AddressOf(form, function) is not 0 and var address ? address : _compiler.Value.Make(form, function);

    public override bool HasCode(int number) => _image.FindRow(number) is not null || _compiler.Value.HasCode(number);

    public override FrameTypes? LoadFrameTypes(int function) => _image.FindRow(function) is { } row ? FrameTypesData.Decode(row.Types, _types) : null;

    public override void Prepare(int function)
    {
        if (_image.MethodOf(function) is null)
            _compiler.Value.Prepare(function);
        foreach (var method in _image.MethodsOf(function))
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    public override Instance CreateInstance()
    {
        var instance = _image.CreateInstance();
        InstanceClass.BindTypes(instance, _types);
        return instance;
    }

    public override StructClass Struct(DefinedType type) => _compiler.Value.Struct(type);

    public override ArrayClass Array(DefinedType type) => _compiler.Value.Array(type);
}
