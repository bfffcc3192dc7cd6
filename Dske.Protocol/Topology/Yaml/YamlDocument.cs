using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dske.Protocol.Topology.Yaml;

/// <summary>
/// Reads one YAML document into elements that know their lines. What a settings file has no use for is refused: anchors and
/// aliases (a short file can unfold into a huge one), tags, further documents, and nesting beyond <see cref="MaxDepth"/>.
/// </summary>
internal sealed class YamlDocument
{
    /// <summary>How deep lists and mappings may be nested; a topology needs 6 levels.</summary>
    public const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly ProblemList _problems;

    private YamlDocument(string text, ProblemList problems)
    {
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <summary>Reads the document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="problems">Receives what is wrong. A document can be read and yet have problems.</param>
    /// <param name="root">The document's element, when the result is true.</param>
    /// <returns>False when there is no document, or none whose structure can be made out.</returns>
    public static bool TryRead(string text, ProblemList problems, [NotNullWhen(true)] out YamlElement? root)
    {
        root = null;
        try
        {
            root = new YamlDocument(text, problems).Read();
        }
        catch (YamlException exception)
        {
            problems.Add(MarkOf(exception.Start), $"this cannot be read as YAML: {exception.Message}");
        }

        return root is not null;
    }

    private YamlElement? Read()
    {
        Next<StreamStart>();
        if (Next() is not DocumentStart)
        {
            _problems.Add("the file is empty; it lists the hubs and clients of a network");
            return null;
        }

        var root = ReadElement(Next(), depth: 1);
        Next<DocumentEnd>();
        if (Next() is DocumentStart second)
        {
            _problems.Add(MarkOf(second.Start), "a second document begins here; a topology is one document");
        }

        return root;
    }

    private YamlElement ReadElement(ParsingEvent first, int depth)
    {
        var mark = MarkOf(first.Start);
        if (first is AnchorAlias)
        {
            _problems.Add(mark, "aliases (*name) are not supported; write the value out");
            return new YamlRefused(mark);
        }

        RefuseAnchorsAndTags(first as NodeEvent ?? throw new YamlException(first.Start, first.End, "this is out of place"), mark);
        if (first is Scalar scalar)
        {
            return new YamlScalar(mark, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        if (depth > MaxDepth)
        {
            throw new YamlException(first.Start, first.End, $"lists and mappings are nested more than {MaxDepth} deep");
        }

        return first is SequenceStart ? ReadSequence(mark, depth) : ReadMapping(mark, depth);
    }

    private YamlSequence ReadSequence(YamlMark mark, int depth)
    {
        var items = new List<YamlElement>();
        for (var current = Next(); current is not SequenceEnd; current = Next())
        {
            items.Add(ReadElement(current, depth + 1));
        }

        return new YamlSequence(mark, items);
    }

    private YamlMapping ReadMapping(YamlMark mark, int depth)
    {
        var entries = new List<KeyValuePair<YamlElement, YamlElement>>();
        for (var current = Next(); current is not MappingEnd; current = Next())
        {
            var key = ReadElement(current, depth + 1);
            var value = Next();
            if (value is MappingEnd)
            {
                // So the parser ends some mappings that begin with an empty key, such as "- : 2".
                throw new YamlException(current.Start, current.End, "this key has no value");
            }

            entries.Add(new(key, ReadElement(value, depth + 1)));
        }

        return new YamlMapping(mark, entries);
    }

    private void RefuseAnchorsAndTags(NodeEvent node, YamlMark mark)
    {
        if (!node.Anchor.IsEmpty)
        {
            _problems.Add(mark, "anchors (&name) are not supported; write the value out where it is needed");
        }

        if (!node.Tag.IsEmpty)
        {
            _problems.Add(mark, "tags (!name) are not supported; write the plain value");
        }
    }

    private ParsingEvent Next()
    {
        try
        {
            return _parser.MoveNext() ? _parser.Current! : throw new YamlException("the file ends early");
        }
        catch (Exception fault) when (fault is not YamlException)
        {
            // The parser has states in which it throws something else, for instance at "- " within a flow sequence.
            var at = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "something after this is out of place", fault);
        }
    }

    private void Next<TEvent>()
        where TEvent : ParsingEvent
    {
        if (Next() is not TEvent)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "this is out of place");
        }
    }

    private static YamlMark MarkOf(in Mark mark) => new(checked((int)mark.Line), checked((int)mark.Column));
}
