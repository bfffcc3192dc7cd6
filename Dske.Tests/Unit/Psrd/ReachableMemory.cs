using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Dske.Tests.Unit.Psrd;

/// <summary>
/// What an object still holds: the bytes of every byte array that can be reached from it through fields, private ones included. It
/// finds secrets that a type keeps longer than it says.
/// </summary>
internal static class ReachableMemory
{
    /// <summary>How many bytes are compared at a time: long enough that random data is never found by chance.</summary>
    public const int Grain = 8;

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> FieldsByType = new();

    /// <summary>All byte arrays within reach.</summary>
    /// <param name="roots">Where to begin.</param>
    public static IReadOnlyList<byte[]> Of(params object[] roots)
    {
        var found = new List<byte[]>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>(roots);
        while (open.TryPop(out var item))
        {
            if (!item.GetType().IsValueType && !seen.Add(item))
            {
                continue;
            }

            if (item is byte[] bytes)
            {
                found.Add(bytes);
            }
            else if (item is Array array)
            {
                Push(open, array.GetType().GetElementType()!, array);
            }
            else
            {
                Push(open, FieldsByType.GetOrAdd(item.GetType(), FieldsOf).Select(field => field.GetValue(item)));
            }
        }

        return found;
    }

    /// <summary>
    /// Whether anything of <paramref name="wanted"/> is within reach: a whole grain at a multiple of <see cref="Grain"/> in a run, which
    /// any stretch of twice that length contains.
    /// </summary>
    /// <param name="wanted">Runs of random bytes; those shorter than a grain are skipped.</param>
    /// <param name="roots">Where to begin.</param>
    public static bool Holds(IEnumerable<byte[]> wanted, params object[] roots)
    {
        var grains = wanted.SelectMany(run => Grains(run, Grain)).Where(grain => grain != 0).ToHashSet();
        return grains.Count > 0 && Of(roots).Any(bytes => Grains(bytes, 1).Any(grains.Contains));
    }

    private static IEnumerable<ulong> Grains(byte[] bytes, int step)
    {
        for (var i = 0; i + Grain <= bytes.Length; i += step)
        {
            yield return MemoryMarshal.Read<ulong>(bytes.AsSpan(i));
        }
    }

    private static void Push(Stack<object> open, Type elementType, Array array)
    {
        if (MayHoldReferences(elementType))
        {
            Push(open, array.Cast<object?>());
        }
    }

    private static void Push(Stack<object> open, IEnumerable<object?> items)
    {
        foreach (var item in items)
        {
            if (item is not null && MayHoldReferences(item.GetType()))
            {
                open.Push(item);
            }
        }
    }

    private static bool MayHoldReferences(Type type)
        => !type.IsPrimitive && !type.IsEnum && !type.IsPointer
            && type != typeof(string) && type != typeof(Guid) && !typeof(MemberInfo).IsAssignableFrom(type);

    private static FieldInfo[] FieldsOf(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            fields.AddRange(declaring
                .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(field => MayHoldReferences(field.FieldType)));
        }

        return [.. fields];
    }
}
