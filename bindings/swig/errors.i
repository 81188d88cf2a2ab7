// Every call of every language goes through its `perform`: it lets others run meanwhile, and turns what is thrown into an
// exception of the language.

%exception {
    if (!perform([&] { $action })) {
        SWIG_fail;
    }
}
