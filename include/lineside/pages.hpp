#pragma once

#include <lineside/ask.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace lineside {

/// The items of a list, fetched page by page while they are looked at:
///
///     for (const account& a : lineside::items<operation::list_accounts>(p, {}))
///
/// An input range: to be gone through once, by one thread. The portal must outlive it. Each page is asked for with `block`
/// when its first item is looked at, so going on may throw what the operation throws.
template <class Operation>
class items {
public:
    using page_type = typename Operation::answer;
    using value_type = typename decltype(page_type::items)::value_type;

    /// From the query's cursor on; its limit is the size of a page. `options` hold for each page.
    explicit items(portal& p, typename Operation::request query, call_options options = {})
        : portal_(&p),
          query_(std::move(query)),
          options_(std::move(options)) {}
    items(const items&) = delete;
    items& operator=(const items&) = delete;
    ~items() = default;

    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using difference_type = std::ptrdiff_t;
        using value_type = typename items::value_type;

        iterator() = default;
        [[nodiscard]] value_type& operator*() const { return of_->page_.items[of_->at_]; }
        [[nodiscard]] value_type* operator->() const { return &**this; }
        iterator& operator++() {
            ++of_->at_;
            of_->fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator& i, std::default_sentinel_t) { return i.is_last(); }

    private:
        friend class items;

        explicit iterator(items& of) : of_(&of) {}
        [[nodiscard]] bool is_last() const noexcept { return of_->is_over(); }

        items* of_ = nullptr;
    };

    [[nodiscard]] iterator begin() {
        fill();
        return iterator(*this);
    }
    [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

private:
    [[nodiscard]] bool is_over() const noexcept { return at_ == page_.items.size(); }
    // A page may be empty and not the last one.
    void fill() {
        while (is_over() && !(asked_ && page_.is_last())) {
            if (asked_)
                query_.cursor = page_.next;
            page_ = async_ask(Operation{}, *portal_, query_, options_, block);
            asked_ = true;
            at_ = 0;
        }
    }

    portal* portal_;
    typename Operation::request query_;
    call_options options_;
    page_type page_{};
    std::size_t at_ = 0;
    bool asked_ = false;
};

/// The pages of a list, one after another, for any completion token:
///
///     lineside::pager<operation::list_accounts> pages(p, {});
///     while (!pages.done())
///         for (const account& a : (co_await pages.async_next()).items)
///
/// One `async_next` at a time; the pager and its portal must outlive it.
template <class Operation>
class pager {
public:
    using page_type = typename Operation::answer;

    explicit pager(portal& p, typename Operation::request query, call_options options = {})
        : portal_(&p),
          query_(std::move(query)),
          options_(std::move(options)) {}

    /// The last page was given.
    [[nodiscard]] bool done() const noexcept { return done_; }

    /// The next page; `void(error_code, page)`. After a failure the same page is asked for again.
    template <class Token = default_token>
    auto async_next(Token&& token = {}) {
        return asio::async_initiate<Token, void(error_code, page_type)>(detail::initiation<pager, &pager::start>{this},
                                                                        token, detail::make_context(options_));
    }

    using executor_type = portal::executor_type;
    [[nodiscard]] executor_type get_executor() const noexcept { return portal_->get_executor(); }

private:
    // Notes where the next page begins on the way to whoever waits.
    template <class Handler>
    struct noting {
        pager* self;
        Handler handler;

        void operator()(error_code ec, page_type page) {
            if (!ec) {
                self->query_.cursor = page.next;
                self->done_ = page.is_last();
            }
            std::move(handler)(ec, std::move(page));
        }
    };

    void start(detail::operation_context context, detail::completion<page_type> done) {
        auto options = std::move(context.options);
        options.details = std::move(context.details);
        auto executor = asio::get_associated_executor(done, get_executor());
        auto slot = asio::get_associated_cancellation_slot(done);
        async_ask(Operation{}, *portal_, query_, std::move(options),
                  asio::bind_cancellation_slot(
                      slot, asio::bind_executor(std::move(executor),
                                                noting<detail::completion<page_type>>{this, std::move(done)})));
    }

    portal* portal_;
    typename Operation::request query_;
    call_options options_;
    bool done_ = false;
};

} // namespace lineside
