using System.Reflection;
using Dske.Protocol.Secrets;

namespace Dske.Tests.Unit.KeyConfirmation;

[Trait("Tier", "Unit")]
public sealed class LabelsTests
{
    [Fact]
    public void No_label_equals_or_begins_another()
    {
        var labels = All(typeof(Labels)).ToList();

        Assert.True(labels.Count >= 3);
        Assert.All(labels, label => Assert.All(label, c => Assert.True(char.IsAscii(c))));
        for (var i = 0; i < labels.Count; i++)
        {
            for (var j = 0; j < labels.Count; j++)
            {
                Assert.False(i != j && labels[j].StartsWith(labels[i], StringComparison.Ordinal), $"'{labels[i]}' begins '{labels[j]}'.");
            }
        }
    }

    private static IEnumerable<string> All(Type tree) =>
        tree.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(tree.GetNestedTypes().SelectMany(All));
}
