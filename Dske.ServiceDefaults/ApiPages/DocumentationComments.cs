using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dske.ServiceDefaults.ApiPages;

/// <summary>
/// Describes messages and their members in the API document as their documentation comments do. The framework reads comments of the
/// assembly that adds the document only; the messages are other assemblies'.
/// </summary>
/// <remarks>Where an assembly comes without its documentation file, its messages go without descriptions.</remarks>
internal static partial class DocumentationComments
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Files = new();

    /// <summary>Adds what a comment says where nothing else does.</summary>
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(schema.Description))
        {
            schema.Description = context.JsonPropertyInfo?.AttributeProvider is MemberInfo { DeclaringType: { } owner } member
                ? Find(owner, $"P:{NameOf(owner)}.{member.Name}")
                : Find(context.JsonTypeInfo.Type, $"T:{NameOf(context.JsonTypeInfo.Type)}");
        }

        return Task.CompletedTask;
    }

    private static string? Find(Type type, string id) => Files.GetOrAdd(type.Assembly, Load).GetValueOrDefault(id);

    private static string? NameOf(Type type) => type.FullName?.Replace('+', '.');

    private static Dictionary<string, string> Load(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (assembly.IsDynamic || !File.Exists(file))
        {
            return [];
        }

        try
        {
            return XDocument.Load(file).Descendants("member")
                .Where(member => member.Attribute("name") is not null && member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")!));
        }
        catch (XmlException)
        {
            return [];
        }
    }

    /// <summary>The text of a comment on one line: code as Markdown has it, references by the last part of their names.</summary>
    private static string TextOf(XElement summary)
    {
        var text = string.Concat(summary.DescendantNodes().Select(static node => node switch
        {
            XText { Parent.Name.LocalName: "c" } code => $"`{code.Value}`",
            XText plain => plain.Value,
            XElement { Name.LocalName: "see" or "paramref" } reference => LastPartOf(reference),
            _ => string.Empty,
        }));
        return WhiteSpace().Replace(text, " ").Trim();
    }

    private static string LastPartOf(XElement reference)
        => reference.HasElements || reference.Value.Length > 0
            ? string.Empty
            : reference.Attributes().FirstOrDefault()?.Value.Split('.', ':')[^1] ?? string.Empty;

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
