namespace Fermata.Runtime;

/// <summary>The elements of a table at one time.</summary>
internal sealed class TableImage
{
    private readonly object?[] _elements;

    public TableImage(Table table, ImageReferences references)
    {
        _elements = new object?[table.Size];
        for (var i = 0; i < _elements.Length; i++)
        {
            var index = i;
            _elements[i] = references.Save(table.Elements[i], table.Type.Element, () => $"element {index} of a table");
        }
    }

    /// <summary>Gives a table these elements.</summary>
    public void Restore(Table table, ImageReferences references)
    {
        if (table.Size > _elements.Length)
            throw new InvalidOperationException($"The table that is imported has {table.Size} elements, and the image only {_elements.Length}.");
        var added = _elements.Length - table.Size;
        table.Store.Resources.Reserve(StoreResource.TableElements, added);
        if (!table.TryResize(_elements.Length))
        {
            table.Store.Resources.Release(StoreResource.TableElements, added);
            throw new InsufficientMemoryException($"There is no room for a table of {_elements.Length} elements.");
        }

        for (var i = 0; i < _elements.Length; i++)
            table.Set(i, references.Load(_elements[i]));
    }
}
