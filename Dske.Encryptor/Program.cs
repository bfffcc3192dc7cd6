using Dske.Encryptor;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(node =>
{
    node.Title = $"Encryptor {builder.Configuration["Dske:Encryptor:SaeId"]}";
    node.Description = "Establishes keys with its peers through its KME, and confirms that both ends hold them.";
});
builder.AddEncryptor();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapEncryptor();
return await app.RunNodeAsync();
