// embed: accounts, people and rights in a file of the program's own, without a network or a server.
#include <lineside/lineside.hpp>

#include <cstdio>
#include <string>

using namespace lineside;

int main(int, char** argv) {
    try {
        const std::string database = std::string("sqlite:") + argv[2] + "/portal.db";
        const account_id harbour("harbour");
        secret token;
        {
            engine portal({.database = database});
            (void)portal.async_create_account({.id = harbour, .name = "Harbour Lines"}, block);
            import_request records;
            records.input = open_file(argv[1]).value();
            (void)portal.async_import_records(std::move(records), block);

            contact_create robin;
            robin.account = harbour;
            robin.name = "Robin Example";
            robin.email = "robin@harbour.example";
            robin.role = role::manager;
            robin.password = secret("correct horse battery staple");
            (void)portal.async_create_contact(std::move(robin), block);

            // Signing in gives a token; the portal of whoever holds it sees what that one may.
            sign_in_request sign_in;
            sign_in.email = "robin@harbour.example";
            sign_in.password = secret("correct horse battery staple");
            token = portal.async_sign_in(std::move(sign_in), block).token.copy();
        }

        // Another run of the program: all of it is in the file.
        engine portal({.database = database});
        const auto robins = portal.as({.token = std::move(token)});
        const account mine = robins->async_get_account({}, block); // no id: one's own
        std::printf("%s: %zu calls on the first page\n", mine.name.c_str(),
                    robins->async_query_calls({}, block).items.size());
        try {
            (void)robins->async_create_account({.id = account_id("quay")}, block);
        } catch (const error& e) {
            std::printf("%s\n", e.code().message().c_str());
        }
        return 0;
    } catch (const error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
