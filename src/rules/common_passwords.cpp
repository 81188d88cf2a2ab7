#include "rules/common_passwords.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace lineside::rules {

namespace {

// What people choose in many languages: names, teams, heroes, pets, paths over the keyboard, our own trade. Rows of keys
// and of digits, repeats, letters written as digits and what stands before and behind are undone by the caller, so that
// each of these stands for all its disguises. In byte order, a space behind each.
constexpr std::string_view text =
    "007007 020202 0852 0987654321 100200 101010 102030 10203040 111222 111222333 112233 11223344 1122334455 "
    "121212 123123 123321 12341234 1234321 12344321 123454321 1234554321 123qwe 123qweasdzxc 131313 13579 "
    "1357924680 1379 147258369 147852 159357 159753 1a2b3c 1a2b3c4d 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y "
    "1q2w3e4r5t6y7u8i9o0p 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb6yhn7ujm 1qazxsw2 222333 "
    "24680 2468013579 2580 271828 2fast2furious 314159 3141592654 456789 4ever 5201314 520520 654321 666666 "
    "696969 741852963 7777777 789456123 8675309 9731 987654321 a a1b2c3 a1b2c3d4 a1b2c3d4e5 abc abc123 abcabc "
    "abcd abcdef access acdc admin administrator agent007 ahmed aini1314 aisha ajax alejandro alex alexander "
    "alexandra allah always am amanda amazing amazon amber america amor anastasia and andrea andreas andrew "
    "andrey android angel angela angels anna anthony antonio anything apple apples april are area51 argentina "
    "arsenal asd asd123 asdasd asdf asdfgh asdfghjk asdfghjkl ashley assassin asshole asterisk at atlanta audi "
    "august austin australia autumn awesome azerty azertyuiop baby babyboy babygirl bailey banana bar barcelona "
    "baseball basic basketball batman batterystaple bayern baz beach bear bears beatles beautiful bedroom "
    "believe benfica berlin besiktas beyonce bible bienvenue bigdick bird birdie birthday biscuit bismillah "
    "bitch black blackbird blah blahblah blessed blessing blink blink182 blue bluebird bmw bond007 bonheur "
    "bonjour boobs boston boxing boy brandon brasil brazil brittany broncos brother brown bubbles building bulls "
    "bunny burger business buster butter butterfly california callofduty camaro camille canada candy captain "
    "carlos carrier cat catch22 cats celtic celtics chair champion change changeme charles charlie cheese "
    "cheetah chelsea cherry chevy chicago chicken china chocolate chouchou christ christian christmas "
    "christopher church cinderella cisco claudia coffee college company computer contrasena cookie cookies cool "
    "corazon corinthians correcthorse correcthorsebatterystaple corvette counterstrike cowboy cowboys crazy "
    "cricket crimson crystal cupcake customer cute cycling dad daddy daisy dakota dallas dance dancer dancing "
    "daniel danielle darkness dashboard david december default demo demon denver deutschland devil diablo "
    "diamond diamonds dick dmitri doctor dog doggy dogs dollar dollars dolphin dolphins donald donkey doom door "
    "dortmund doudou dragon dragonball dream dreamer dreams driver drums dsadsa eagle eagles earth easter easy "
    "ebay edc eduardo eight ekaterina elephant elizabeth emerald eminem engineer england espana estrella everton "
    "everything example facebook faith falcon family fantastic father fatima february fenerbahce fernando "
    "ferrari fire firebird fireman firstlogin fish fishing five flamengo florian florida flower flowers foo "
    "foobar football for ford forest forever forget forgot forgotten fortnite fortune four france francisco "
    "francois freedom freeswitch friday friend friends frodo from fuck fuckme fuckoff fuckyou funny galatasaray "
    "gamer games gandalf garage garden garfield george germany ghost giants ginger giraffe girl girls gladiator "
    "gmail god godisgood goku gold golden golf golfer goodbye goodday google gorgeous grace gray great green "
    "greenday grey guest guitar hacker hacking hallo halloween halo hamster handsome happy harley harleydavidson "
    "harrypotter haslo hateyou hawk heather heaven hell hello herbst heslo hobbit hockey hogwarts hola holiday "
    "home honda honey hope horse horses hotmail hotstuff hottie house houston how hulk hundred hunter hunter2 i "
    "ihatepasswords ihateyou ilove iloveu iloveyou iloveyou1 in india initial inshallah instagram inter internet "
    "iphone ipsum ironmaiden ironman is island it italia ivan jackson jaguar james jamesbond january jasmin "
    "jasmine jedi jennifer jessica jesus jewel john joker jordan joseph joshua julia julien july june justice "
    "justin justinbieber juventus kamailio kawasaki kennwort keyboard killer king kingdom kitchen kitten kitty "
    "knight l33t lakers lamborghini laptop laugh laura lawyer leet lemon lena leopard letmein letter liberty "
    "lightning lily lineside linkinpark linksys lion lions lipsum lisa liverpool lock locked logan login logon "
    "london lorem loulou love lovely loveme lover lovers loveyou loving lucky luigi madrid maggie magic magical "
    "mama manager manchester march maria mario markus martin martina marvel mason master matrix matrix1 matthew "
    "maxim me melissa mercedes metallica mexico michael michelle mickey microsoft midnight miguel mikhail milan "
    "million millionaire mine minecraft minnie mobile mohammed mom mommy monday money monitor monkey monster "
    "moonlight morgan motdepasse mother motorola mountain mouse muffin muhammad music mustafa mustang my "
    "mypassword myself mysql mystery naked naruto natalie natasha ncc1701 ncc1701d ncc1701e netflix netgear "
    "never newpassword newyork nicolas nicole nightmare nikita nina nine ninja nintendo nirvana nissan nobody "
    "nokia noob noodles nopassword normal not nothing november number numbers nurse ocean october of office "
    "oldpassword on one onedirection open opensesame opensips operator oracle orange orchid outlook p455w0rd "
    "packers palmeiras pancake panther panthers papa paris parol parola parrot pass passcode passe passphrase "
    "passw passwd password passwort patriots paypal peace peaches peanut peanuts pearl penguin pepper perfect "
    "personal phantom phillies phoenix phone piano pierre pikachu pilot pincode pink pirate pizza playstation "
    "pokemon poland police pony popcorn porn porsche portal porto portugal postgres potter pretty prince "
    "princesa princess printer private public pumpkin puppy purple pussy pwd q1w2e3r4 q1w2e3r4t5 "
    "q1w2e3r4t5y6u7i8o9p0 q2w3e4r5 qaz qaz123 qazwsx qazwsx123 qazwsxedc quake queen qux qwe qwe123 qweasd "
    "qweasdzxc qweqwe qwer qwerty qwertyui qwertyuiop qwertz rabbit rachel raiders rainbow rammstein ranger "
    "rangers rat rebecca red redsox remember ricardo richard rihanna river robert roberto roblox rock rockets "
    "rocknroll rockstar rooster root rose roses route66 router royal rugby running rush2112 russia sabine sad "
    "safe salasana samantha sample samsung samurai santos sasha satan saturday scarlet school scooby seattle "
    "sebastian secret secrets secure security senha september sergey server service sesame seven sex sexual sexy "
    "shadow shakira shark shit silver simple singer sipuser sister six skating skiing skywalker slipknot smile "
    "smiley smokey snake snickers sniper snoopy snow soccer softball soldier soleil someone something sommer "
    "sonic sophie sparky spartan spider spiderman spotify spring standard starlight startrek starwars steelers "
    "stefan stephanie storm strawberry student subaru success sugar summer sunday sunflower sunrise sunset "
    "sunshine super superman superuser support surfing suzuki sweetheart sweetie sweety swimming switch system "
    "table tatiana taylor teacher teamo telecom telephone temp temporary ten tennis tequiero test tester testing "
    "texas that the this thomas thousand three thunder thunderbird thursday tiger tigers tinkerbell to tobias "
    "together toor tottenham toyota trunk trustme trustno trustno1 trustnoone tuesday tulip tupac turkey turtle "
    "twilight twinkle twitter two tyler ukraine united university unlock us user username vacation vader vampire "
    "vanessa vanilla veronica victoria victory viking violet vladimir voip volleyball w2e3r4t5 wachtwoord waffle "
    "warcraft warrior was wasd water we wednesday weekend welcome werewolf whale what whatever whatsapp when "
    "where white who why william willkommen window windows winner winter witch with wizard woaini woaini1314 "
    "woaini520 wolf wolves wonderful wonderwoman wrestling wsx xbox yahoo yamaha yankees yellow yoda you your "
    "yourpassword yours youtube zaq12wsx zaq1xsw2 zaqwsx zaqxsw zebra zelda zombie zxc zxc123 zxcv zxcvbn "
    "zxcvbnm zxczxc ";

constexpr auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));

constexpr std::array<std::string_view, count> words = [] {
    std::array<std::string_view, count> list;
    auto rest = text;
    for (auto& word : list) {
        word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(word.size() + 1);
    }
    return list;
}();

static_assert(std::is_sorted(words.begin(), words.end()));
static_assert(std::all_of(words.begin(), words.end(),
                          [](std::string_view w) { return w.size() <= longest_common_word; }));

} // namespace

bool is_common_word(std::string_view word) { return std::binary_search(words.begin(), words.end(), word); }

} // namespace lineside::rules
