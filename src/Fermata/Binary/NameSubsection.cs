namespace Fermata.Binary;

/// <summary>The subsections of the name section: what has names.</summary>
internal enum NameSubsection : byte
{
    Module = 0,
    Function = 1,
    Local = 2,
    Label = 3,
    Type = 4,
    Table = 5,
    Memory = 6,
    Global = 7,
    Element = 8,
    Data = 9,
    Field = 10,
    Tag = 11,
}
